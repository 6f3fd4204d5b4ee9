using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Cli.Inspect;

/// <summary>Whether the remote's etcd lets our user do what a reader needs, and nothing more.</summary>
/// <param name="user">The common name of our certificate.</param>
internal sealed class PermissionSteps(IEtcdClient client, string remote, string user)
{
    private const string Probe = "cilium/state/.clustermesh-inspect";

    // What the role remote has not: keys beside the mesh's, and what the remote learnt of others.
    private static readonly string[] s_outside = ["clustermesh-inspect", "cilium/cache/.clustermesh-inspect"];

    private string TooWide => $"at the remote: give the user {user} only the role remote, and turn authentication on; `clustermesh etcd init` and `clustermesh connect` do both";

    public async Task<InspectStep> StatusAsync(CancellationToken cancel)
    {
        try
        {
            var status = await client.StatusAsync(cancel);
            var seen = $"etcd {status.Version}, cluster {status.ClusterId:x}, at {client.Endpoint}";
            return status.HasLeader
                ? InspectStep.Ok(InspectSteps.Etcd, seen)
                : InspectStep.Failed(InspectSteps.Etcd, $"no leader: {seen}", "most members of that etcd must run and reach each other");
        }
        catch (EtcdException error)
        {
            return InspectStep.Failed(InspectSteps.Etcd, error.Message, "see the log of that etcd");
        }
    }

    public async Task<InspectStep> ReadAsync(CancellationToken cancel)
    {
        string[] keys = [StateKeys.Heartbeat, StateKeys.ClusterConfig(remote)];
        var refused = new List<string>();
        try
        {
            foreach (var key in keys)
            {
                if (!await IsAllowedAsync(() => client.GetAsync(key, cancel))) refused.Add(key);
            }
        }
        catch (EtcdException error)
        {
            return InspectStep.Failed(InspectSteps.Read, error.Message, "see the log of that etcd");
        }

        return refused switch
        {
            [] => InspectStep.Ok(InspectSteps.Read, $"user {user} may read {string.Join(", ", keys)}"),
            [var only] when only == StateKeys.ClusterConfig(remote) => InspectStep.Failed(
                InspectSteps.Read, $"user {user} may not read {only}, only {StateKeys.Heartbeat}", $"this is the etcd of a cluster with another name than {remote}, or its role remote is not whole: `clustermesh etcd init` there mends that"),
            _ => InspectStep.Failed(
                InspectSteps.Read, $"user {user} may not read {string.Join(", ", refused)}", $"the remote's etcd has no user {user} with the role remote: `clustermesh connect` makes it"),
        };
    }

    /// <summary>
    /// A put in a transaction whose condition can never hold: etcd checks the permission of every operation of both branches first,
    /// so a refusal is seen, and nothing changes where there is none.
    /// </summary>
    public async Task<InspectStep> WriteAsync(CancellationToken cancel)
    {
        var never = new EtcdTxn([new EtcdCondition(Probe, long.MaxValue)], [EtcdOp.Put(Probe, default)], []);
        try
        {
            return await IsAllowedAsync(() => client.TxnAsync(never, cancel))
                ? InspectStep.Failed(InspectSteps.Write, $"user {user} may write under cilium/state/: role too wide, or authentication is off", TooWide)
                : InspectStep.Ok(InspectSteps.Write, $"a put under cilium/state/ is refused (tried so that it could change nothing)");
        }
        catch (EtcdException error)
        {
            return InspectStep.Failed(InspectSteps.Write, error.Message, "see the log of that etcd");
        }
    }

    public async Task<InspectStep> OutsideAsync(CancellationToken cancel)
    {
        try
        {
            foreach (var key in s_outside)
            {
                if (await IsAllowedAsync(() => client.GetAsync(key, cancel)))
                    return InspectStep.Failed(InspectSteps.Outside, $"user {user} may read {key}: role too wide, or authentication is off", TooWide);
            }

            return InspectStep.Ok(InspectSteps.Outside, $"reading {string.Join(", ", s_outside)} is refused");
        }
        catch (EtcdException error)
        {
            return InspectStep.Failed(InspectSteps.Outside, error.Message, "see the log of that etcd");
        }
    }

    private static async Task<bool> IsAllowedAsync(Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (EtcdException error) when (error.Error == EtcdError.PermissionDenied)
        {
            return false;
        }
    }
}
