using System.Net;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Forward;

/// <summary>
/// A backend's body of unknown length whose first byte may be long in coming (gRPC streams, server-sent events): the headers
/// go out while it is waited for. A body that is there, or is known to be empty (a gRPC trailers-only answer), changes nothing.
/// </summary>
internal sealed class PromptContent(HttpContent inner, HttpResponse response) : HttpContent
{
    protected override async Task<Stream> CreateContentReadStreamAsync() => new PromptStream(await inner.ReadAsStreamAsync(), response);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new PromptStream(await inner.ReadAsStreamAsync(cancellationToken), response);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => inner.CopyToAsync(stream);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private sealed class PromptStream(Stream inner, HttpResponse response) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = inner.ReadAsync(buffer, cancellationToken);
            return read.IsCompleted || response.HasStarted ? read : FlushAndReadAsync(read, cancellationToken);
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }

        // The read comes to its end whatever becomes of the client: a copy must not go on while it is pending.
        private async ValueTask<int> FlushAndReadAsync(ValueTask<int> read, CancellationToken cancellationToken)
        {
            try
            {
                await response.Body.FlushAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
            }

            return await read;
        }
    }
}
