using System.Text;
using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Mesh.Leadership;

/// <summary>
/// One of several candidates leads: whoever creates the lock key, on a lease of a short TTL. Losing the connection for that long,
/// or the key, ends the term; the others see the key go and try. A graceful stop revokes the lease, so that the next one leads at once.
/// </summary>
internal sealed class Election(string key, string candidate, TimeSpan ttl)
{
    private volatile bool _leads;
    private volatile string? _leader;
    private bool _follows;

    public bool IsLeader => _leads;

    /// <summary>Who leads, as far as is known.</summary>
    public string? Leader => _leader;

    /// <summary>After <see cref="IsLeader"/> changed.</summary>
    public event Action? Changed;

    /// <summary>
    /// Campaigns until stopped; each time it wins, runs <paramref name="lead"/> until the term ends. Ends with the exceptions of etcd
    /// and of <paramref name="lead"/>; running it again is a new campaign.
    /// </summary>
    /// <param name="decided">Is called when it is known who leads.</param>
    public async Task RunAsync(IEtcdClient client, Func<Term, CancellationToken, Task> lead, Action decided, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var (item, revision) = await client.GetAsync(key, stop);
                if (item is null) await CampaignAsync(client, lead, decided, stop);
                else
                {
                    (_leader, _follows) = (Encoding.UTF8.GetString(item.Value.Span), true);
                    decided();
                    await KeyDeletion.WaitAsync(client, key, revision, orChanged: false, stop);
                }
            }
        }
        finally
        {
            _leader = null;
        }
    }

    private async Task CampaignAsync(IEtcdClient client, Func<Term, CancellationToken, Task> lead, Action decided, CancellationToken stop)
    {
        await using var lease = await client.OpenLeaseAsync(ttl, stop);
        var won = await client.TxnAsync(EtcdTxn.Create(key, Encoding.UTF8.GetBytes(candidate), lease.Id), stop);
        if (!won.Held) return;
        _leader = candidate;
        using var term = CancellationTokenSource.CreateLinkedTokenSource(stop, lease.Lost);
        var watch = EndWithKeyAsync(client, won.Revision, term);
        try
        {
            SetLeads(true);
            decided();
            await lead(new(new(key, won.Revision), _follows), term.Token);
        }
        catch (OperationCanceledException) when (term.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            // The term is over; the next campaign begins.
        }
        finally
        {
            _follows = true;
            SetLeads(false);
            await term.CancelAsync();
            await watch;
        }
    }

    /// <summary>Somebody may delete the lock by hand: then another one may lead already.</summary>
    private async Task EndWithKeyAsync(IEtcdClient client, long revision, CancellationTokenSource term)
    {
        try
        {
            await KeyDeletion.WaitAsync(client, key, revision, orChanged: true, term.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or EtcdException or ObjectDisposedException)
        {
            // The lease decides; and when nobody watches any more, it is better not to lead.
        }

        await term.CancelAsync();
    }

    private void SetLeads(bool leads)
    {
        _leads = leads;
        Changed?.Invoke();
    }
}
