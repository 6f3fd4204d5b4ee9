using ClusterMesh.Mesh.Grpc;
using Google.Protobuf;

namespace ClusterMesh.Mesh.Wire;

/// <summary>Follows one stream of the node's agent, connects again when it is gone, and lets who follows keep what it had meanwhile.</summary>
/// <param name="socket">Path of the agent's Unix socket.</param>
/// <param name="take">The next value, or null where an update does not complete one.</param>
/// <param name="restart">Another connection begins.</param>
internal sealed class AgentStream<TRequest, TUpdate, TValue>(
    string socket, GrpcMethod<TRequest, TUpdate> method, GrpcLimits limits, TRequest request, Func<TUpdate, TValue?> take, Action restart, TimeProvider time) : IDisposable
    where TRequest : class, IMessage<TRequest>
    where TUpdate : class, IMessage<TUpdate>
    where TValue : class
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(50), s_longestPause = TimeSpan.FromSeconds(2);

    private readonly GrpcChannel _channel = new(new($"unix://{Path.GetFullPath(socket)}"), time, new() { Limits = limits });

    public bool Connected { get; private set; }

    public int Reconnections { get; private set; }

    public string? LastError { get; private set; }

    public async Task RunAsync(Action<TValue> apply, Action<Exception> failed, Action<string?> changed, CancellationToken stop)
    {
        var backoff = new Backoff(s_firstPause, s_longestPause, new ThreadChance());
        while (!stop.IsCancellationRequested)
        {
            var begun = time.GetTimestamp();
            var error = await FollowAsync(apply, failed, changed, stop);
            if (stop.IsCancellationRequested) return;
            if (Connected || LastError != error) changed(error);
            (Connected, LastError) = (false, error);
            if (time.GetElapsedTime(begun) > s_longestPause) backoff.Reset();
            await backoff.WaitAsync(time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _channel.Dispose();

    private async Task<string> FollowAsync(Action<TValue> apply, Action<Exception> failed, Action<string?> changed, CancellationToken stop)
    {
        restart();
        try
        {
            await foreach (var update in _channel.ServerStreamAsync(method, request, cancel: stop))
            {
                if (take(update) is not { } value) continue;
                if (!Connected)
                {
                    if (LastError is not null) Reconnections++;
                    (Connected, LastError) = (true, null);
                    changed(null);
                }

                Apply(value, apply, failed);
            }

            return "the agent ended the stream";
        }
        catch (Exception exception) when (exception is GrpcException or WireException)
        {
            return exception.Message;
        }
        catch (OperationCanceledException)
        {
            return "stopped";
        }
    }

    private static void Apply(TValue value, Action<TValue> apply, Action<Exception> failed)
    {
        try
        {
            apply(value);
        }
        catch (Exception exception)
        {
            failed(exception);
        }
    }
}
