using ClusterMesh.Mesh.Etcd.Protos;

namespace ClusterMesh.Mesh.Etcd;

/// <summary>
/// Keeps a lease alive by asking three times within its TTL. The time counts from when the question was sent, so that we never
/// believe in it for longer than etcd does.
/// </summary>
internal sealed class EtcdLease : IEtcdLease
{
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(200), s_revoke = TimeSpan.FromSeconds(3);
    private readonly EtcdCaller _caller;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stop;
    private readonly Task _keeping;
    private TimeSpan _ttl;
    private long _confirmed;
    private int _disposed;

    /// <param name="confirmed">When it was asked for.</param>
    /// <param name="closed">The client is closed: nobody keeps the lease alive any longer.</param>
    public EtcdLease(EtcdCaller caller, TimeProvider time, long id, TimeSpan ttl, long confirmed, CancellationToken closed)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(closed);
        (_caller, _time, Id, _ttl, _confirmed) = (caller, time, id, ttl, confirmed);
        Lost = _lost.Token;
        _keeping = KeepAsync();
    }

    public long Id { get; }

    public CancellationToken Lost { get; }

    private TimeSpan Left => _ttl - _time.GetElapsedTime(_confirmed);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _stop.CancelAsync();
        await _keeping;
        if (!Lost.IsCancellationRequested)
            await RevokeAsync();
        _stop.Dispose();
        _lost.Dispose();
    }

    public void Leave()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            _stop.Cancel();
    }

    private async Task KeepAsync()
    {
        try
        {
            var wait = _ttl / 3;
            while (Left > TimeSpan.Zero)
            {
                await Task.Delay(wait < Left ? wait : Left, _time, _stop.Token);
                if (Left <= TimeSpan.Zero)
                    break;
                if (await ConfirmAsync() is not { } confirmed)
                    break;
                wait = confirmed ? _ttl / 3 : s_retry;
            }

            await _lost.CancelAsync();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            if (_disposed == 0)
                await _lost.CancelAsync();
        }
    }

    /// <summary>False when etcd did not say, null when the lease is gone.</summary>
    private async Task<bool?> ConfirmAsync()
    {
        var asked = _time.GetTimestamp();
        using var limit = new CancellationTokenSource(Left, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
        try
        {
            var answer = await _caller.CallAsync(EtcdMethods.LeaseKeepAlive, new LeaseKeepAliveRequest { ID = Id }, $"keep lease {Id:x} alive", both.Token, Left);
            if (answer.TTL <= 0)
                return null;
            (_ttl, _confirmed) = (TimeSpan.FromSeconds(answer.TTL), asked);
            return true;
        }
        catch (EtcdException e)
        {
            return e.Error is EtcdError.LeaseNotFound or EtcdError.ClusterChanged ? null : false;
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task RevokeAsync()
    {
        try
        {
            await _caller.CallAsync(EtcdMethods.LeaseRevoke, new LeaseRevokeRequest { ID = Id }, $"revoke lease {Id:x}", CancellationToken.None, s_revoke);
        }
        catch (EtcdException)
        {
            // It ends by itself after its TTL.
        }
    }
}
