using ClusterMesh.Mesh.Etcd.Protos;
using ClusterMesh.Mesh.Grpc;
using Google.Protobuf;

namespace ClusterMesh.Mesh.Etcd;

/// <summary>One watch on one stream over one connection, until that breaks.</summary>
internal sealed class EtcdWatchStream : IDisposable
{
    /// <summary>Without a leader etcd ends the stream instead of staying silent.</summary>
    private static readonly GrpcMetadata s_requireLeader = GrpcMetadata.Of("hasleader", "true");

    private readonly CancellationTokenSource _opening;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _cancel;
    private readonly GrpcDuplex<WatchRequest, WatchResponse> _calls;

    private EtcdWatchStream(EtcdLink link, TimeSpan timeout, TimeProvider time, CancellationToken cancel)
    {
        (Link, _cancel) = (link, cancel);
        _opening = new CancellationTokenSource(timeout, time);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, link.Retired, _opening.Token);
        _calls = link.Channel.Duplex(EtcdMethods.Watch, metadata: s_requireLeader, cancel: _stop.Token);
    }

    public EtcdLink Link { get; }

    /// <summary>Its answer to a request for progress can be believed.</summary>
    public bool TellsProgress { get; private init; }

    /// <summary>Makes sure that the history is the one we know, then asks for the watch and waits for etcd's answer.</summary>
    public static async Task<(EtcdWatchStream Stream, WatchResponse Created)> OpenAsync(
        EtcdLink link, EtcdHistory history, string prefix, ByteString end, long from, TimeSpan timeout, TimeProvider time, CancellationToken cancel)
    {
        var status = await link.Channel.UnaryAsync(EtcdMethods.Status.Method, new StatusRequest(), timeout, cancel: cancel);
        history.Check(status.Header, 0, link.Name);
        await history.VerifyAsync(link.Channel, prefix, timeout, cancel);
        var stream = new EtcdWatchStream(link, timeout, time, cancel) { TellsProgress = EtcdVersion.TellsProgress(status.Version) };
        try
        {
            stream._calls.TrySend(new WatchRequest
            {
                CreateRequest = new WatchCreateRequest
                {
                    Key = EtcdRange.Begin(prefix),
                    RangeEnd = end,
                    StartRevision = from,
                    ProgressNotify = true,
                    Fragment = true,
                },
            });
            var created = await stream.ReadAsync();
            stream._opening.CancelAfter(Timeout.InfiniteTimeSpan);
            return (stream, created);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <exception cref="GrpcException">The stream is at its end, for whatever reason.</exception>
    public async ValueTask<WatchResponse> ReadAsync()
    {
        try
        {
            return await _calls.ReadAsync() ?? throw new GrpcException(GrpcStatus.Unavailable, "etcd ended the watch");
        }
        catch (OperationCanceledException) when (!_cancel.IsCancellationRequested)
        {
            throw _opening.IsCancellationRequested
                ? new GrpcException(GrpcStatus.DeadlineExceeded, "etcd does not answer")
                : new GrpcException(GrpcStatus.Cancelled, "the certificates have changed");
        }
    }

    public void RequestProgress() => _calls.TrySend(new WatchRequest { ProgressRequest = new WatchProgressRequest() });

    public void Dispose()
    {
        _calls.Dispose();
        _stop.Dispose();
        _opening.Dispose();
    }
}
