using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace ClusterMesh.Mesh.Grpc;

/// <summary>The messages of one call on the server's side.</summary>
internal sealed class ServerExchange<TRequest, TResponse>(GrpcServerCall call, GrpcMethod<TRequest, TResponse> method, GrpcLimits limits) : IDisposable
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private const int FlushAt = 64 * 1024;
    private readonly FrameReader _frames = new(call.Http.Request.Body, limits.Receive);

    public async ValueTask<TRequest> ReadOneAsync()
    {
        var request = await ReadAsync();
        if (request is null || await ReadAsync() is not null)
            throw new GrpcException(GrpcStatus.Internal, $"{method.Path} takes exactly one message");
        return request;
    }

    public async IAsyncEnumerable<TRequest> ReadAllAsync([EnumeratorCancellation] CancellationToken cancel = default)
    {
        while (await ReadAsync() is { } request)
        {
            cancel.ThrowIfCancellationRequested();
            yield return request;
        }
    }

    public void Write(TResponse response) => FrameWriter.Write(call.Http.Response.BodyWriter, response, limits.Send);

    public async Task WriteAllAsync(IAsyncEnumerable<TResponse> responses)
    {
        var body = call.Http.Response.BodyWriter;
        // The client shall know at once that the call has begun.
        await body.FlushAsync(call.Cancelled);
        var waiting = 0;
        await using var each = responses.GetAsyncEnumerator(call.Cancelled);
        while (true)
        {
            var next = each.MoveNextAsync();
            if (waiting > 0 && (!next.IsCompleted || waiting >= FlushAt))
            {
                await body.FlushAsync(call.Cancelled);
                waiting = 0;
            }

            if (!await next)
                return;
            waiting += FrameWriter.Write(body, each.Current, limits.Send);
        }
    }

    public void Dispose() => _frames.Dispose();

    private ValueTask<TRequest?> ReadAsync() => _frames.ReadAsync(method.Requests, call.Cancelled);
}
