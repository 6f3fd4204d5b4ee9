using System.Buffers;
using System.Net;
using System.Threading.Channels;
using Google.Protobuf;

namespace ClusterMesh.Mesh.Grpc;

/// <summary>A body that lasts as long as the call: what is queued is sent, and flushed when nothing more is waiting.</summary>
internal sealed class DuplexContent : HttpContent
{
    private readonly Channel<IMessage> _queue = Channel.CreateUnbounded<IMessage>(new() { SingleReader = true });
    private readonly int _largest;
    private int _begun;

    public DuplexContent(int largest)
    {
        _largest = largest;
        Headers.ContentType = UnaryContent.MediaType;
    }

    public bool TryAdd(IMessage message)
    {
        FrameWriter.Check(message.CalculateSize(), _largest);
        return _queue.Writer.TryWrite(message);
    }

    public void Complete() => _queue.Writer.TryComplete();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancel)
    {
        // The handler begins anew where a server refused the stream, but what was taken from the queue is gone.
        if (Interlocked.Exchange(ref _begun, 1) != 0)
            throw new HttpRequestException(HttpRequestError.ConnectionError, "the server refused the stream");
        var frames = new ArrayBufferWriter<byte>();
        try
        {
            // Some servers answer before we say anything: they must see the headers.
            await stream.FlushAsync(cancel);
            while (await _queue.Reader.WaitToReadAsync(cancel))
            {
                while (_queue.Reader.TryRead(out var message)) FrameWriter.Write(frames, message, _largest);
                await stream.WriteAsync(frames.WrittenMemory, cancel);
                await stream.FlushAsync(cancel);
                frames.ResetWrittenCount();
            }
        }
        finally
        {
            Complete();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
