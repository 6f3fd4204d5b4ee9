using Google.Protobuf;

namespace ClusterMesh.Mesh.Grpc;

/// <summary>One call as the client sees it: the request on its way, then messages, then the status.</summary>
internal sealed class ClientCall<TRequest, TResponse> : IDisposable
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private readonly CallContext _context;
    private readonly GrpcMethod<TRequest, TResponse> _method;
    private readonly CancellationToken _cancel;
    private readonly TimeSpan? _deadline;
    private readonly CancellationTokenSource _expired;
    private readonly CancellationTokenSource _stop;
    private Task<HttpResponseMessage>? _sending;
    private HttpResponseMessage? _response;
    private FrameReader? _frames;

    public ClientCall(CallContext context, GrpcMethod<TRequest, TResponse> method, TimeSpan? deadline, CancellationToken cancel)
    {
        (_context, _method, _deadline, _cancel) = (context, method, deadline, cancel);
        _expired = deadline is { } time ? new(time, context.Time) : new();
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, _expired.Token);
    }

    public void Start(HttpContent content, GrpcMetadata? metadata)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_context.Base, _method.Path))
        {
            Version = System.Net.HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.TE.Add(new("trailers"));
        if (_deadline is { } deadline)
            request.Headers.TryAddWithoutValidation(GrpcTimeout.Header, GrpcTimeout.Format(deadline));
        foreach (var (name, value) in metadata?.Headers ?? []) request.Headers.TryAddWithoutValidation(name, value);
        _sending = SendAsync(request);
    }

    /// <summary>The next message; null once the call has ended with OK.</summary>
    public async ValueTask<TResponse?> ReadAsync()
    {
        try
        {
            _frames ??= await BeginAsync();
            if (await _frames.ReadAsync(_method.Responses, _stop.Token) is { } message)
                return message;
            ResponseStatus.ThrowUnlessOk(_response!);
            return null;
        }
        catch (OperationCanceledException) when (_cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException(_cancel);
        }
        catch (Exception e) when (_expired.IsCancellationRequested && e is not GrpcException)
        {
            throw new GrpcException(GrpcStatus.DeadlineExceeded, $"no answer within {_deadline!.Value.TotalSeconds:0.###} s", e) { Break = GrpcBreak.Broken };
        }
        catch (Exception e) when (e is not GrpcException)
        {
            throw GrpcTransport.Failure(e, _context.Base.Scheme == Uri.UriSchemeHttps);
        }
    }

    public void Dispose()
    {
        // Cancels what is still under way, in both directions; nobody waits for its end, so its failure is looked at here.
        _stop.Cancel();
        _response?.Dispose();
        _frames?.Dispose();
        _ = _sending?.ContinueWith(
            static sending =>
            {
                if (sending.IsCompletedSuccessfully)
                    sending.Result.Dispose();
                else
                    _ = sending.Exception;
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        _stop.Dispose();
        _expired.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => await _context.Http.SendAsync(request, _stop.Token);

    private async Task<FrameReader> BeginAsync()
    {
        _response = await _sending!;
        ResponseStatus.ThrowUnlessGrpc(_response);
        return new FrameReader(await _response.Content.ReadAsStreamAsync(_stop.Token), _context.Limits.Receive);
    }
}
