using Google.Protobuf;

namespace ClusterMesh.Mesh.Grpc;

/// <summary>
/// A client's way to one server: <c>http://host:port</c> (HTTP/2 with prior knowledge), <c>https://host:port</c>, or
/// <c>unix:///path</c>. Connects when it is first used and again after a break. Calls throw <see cref="GrpcException"/>, and
/// OperationCanceledException only for the caller's own token. Disposing lets running calls end. Thread-safe.
/// </summary>
public sealed class GrpcChannel : IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly CallContext _context;

    public GrpcChannel(Uri address, TimeProvider time, GrpcChannelConfig? config = null)
    {
        config ??= GrpcChannelConfig.Default;
        Address = address;
        _http = new HttpMessageInvoker(GrpcTransport.Handler(address, config));
        _context = new CallContext(_http, GrpcTransport.BaseOf(address), config.Limits, time);
    }

    public Uri Address { get; }

    /// <summary>One message each way.</summary>
    /// <param name="deadline">From now; also told to the server. Null = none.</param>
    public async Task<TResponse> UnaryAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, TimeSpan? deadline = null, GrpcMetadata? metadata = null, CancellationToken cancel = default)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        using var call = new ClientCall<TRequest, TResponse>(_context, method, deadline, cancel);
        call.Start(new UnaryContent(request, _context.Limits.Send), metadata);
        var response = await call.ReadAsync();
        // The status comes after the message.
        if (response is not null && await call.ReadAsync() is null)
            return response;
        throw new GrpcException(GrpcStatus.Internal, $"{method.Path} answered with {(response is null ? "no message" : "several messages")} instead of one");
    }

    /// <summary>One message there, any number back. Leaving the loop cancels the call.</summary>
    public async IAsyncEnumerable<TResponse> ServerStreamAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, TimeSpan? deadline = null, GrpcMetadata? metadata = null,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel = default)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        using var call = new ClientCall<TRequest, TResponse>(_context, method, deadline, cancel);
        call.Start(new UnaryContent(request, _context.Limits.Send), metadata);
        while (await call.ReadAsync() is { } response) yield return response;
    }

    /// <summary>Any number of messages each way; disposing cancels the call.</summary>
    public GrpcDuplex<TRequest, TResponse> Duplex<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TimeSpan? deadline = null, GrpcMetadata? metadata = null, CancellationToken cancel = default)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var call = new ClientCall<TRequest, TResponse>(_context, method, deadline, cancel);
        var content = new DuplexContent(_context.Limits.Send);
        call.Start(content, metadata);
        return new GrpcDuplex<TRequest, TResponse>(call, content);
    }

    public void Dispose() => _http.Dispose();
}
