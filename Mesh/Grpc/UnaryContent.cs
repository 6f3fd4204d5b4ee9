using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace ClusterMesh.Mesh.Grpc;

/// <summary>A body of one message, written before the call, so that one that is too large costs no connection.</summary>
internal sealed class UnaryContent : HttpContent
{
    public static readonly MediaTypeHeaderValue MediaType = new("application/grpc");
    private readonly ReadOnlyMemory<byte> _frame;

    public UnaryContent(IMessage message, int largest)
    {
        var frame = new ArrayBufferWriter<byte>();
        FrameWriter.Write(frame, message, largest);
        _frame = frame.WrittenMemory;
        Headers.ContentType = MediaType;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancel) =>
        stream.WriteAsync(_frame, cancel).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        length = _frame.Length;
        return true;
    }
}
