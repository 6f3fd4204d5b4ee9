using System.Globalization;
using ClusterMesh.Drills.Tests.Lab;
using ClusterMesh.Drills.Tests.Load;
using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Drills.Tests;

/// <summary>Another cluster's etcd is there, but not what it was: emptied, compacted, without the leases.</summary>
public sealed class RemoteHistoryDrills
{
    [Fact]
    public async Task RemoteEtcd_Emptied_LosesNoBackendAtAnyMoment()
    {
        await using var lab = await MeshLab.StartAsync();
        await using var load = SteadyLoad.On(lab.West.Gateway, lab.East.Gateway);
        await using var watch = new BackendWatch(lab.West.Gateway, MeshLab.FromEast, $"{lab.EastBackend}");

        lab.East.Etcd.Kill();
        await lab.East.Etcd.StartAgainAsync(emptied: true);
        await lab.East.InitAsync();
        await lab.East.ConnectAsync(lab.West);
        var changed = lab.GrowFromEast();

        await lab.East.Agent.State.UntilAsync(state => state.Agent.Publishing is { Synced: true, LastError: null }, "east has published again", 60);
        await lab.West.Gateway.HasAsync(MeshLab.FromEast, changed);
        await lab.West.Agent.SeesReadyAsync("east", 60);
        await lab.West.Gateway.MarksAsync("east", unconfirmed: false);
        await watch.EndsWithNothingMissingAsync();
        await load.EndsWithoutFailureAsync();
    }

    [Fact]
    public async Task RemoteEtcd_CompactedBeyondWhatWasSeen_IsListedAgainAndSwept()
    {
        await using var lab = await MeshLab.StartAsync();
        const string removed = "removed", added = "added";
        foreach (var name in new[] { removed, added }) lab.West.Manifests.Service(name, "none");
        lab.East.Manifests.Service(removed, "none", lab.East.Backends.Take());
        await lab.West.Gateway.State.UntilAsync(state => LabGateway.BackendsOf(state, removed).Any(), "west has the service that will go");
        await using var load = SteadyLoad.On(lab.West.Gateway, lab.East.Gateway);
        await using var watch = new BackendWatch(lab.West.Gateway, MeshLab.FromEast, $"{lab.EastBackend}");

        lab.East.Front.Hold();
        await lab.West.Gateway.MarksAsync("east", unconfirmed: true);
        lab.East.Manifests.Remove(removed);
        var backend = lab.East.Backends.Take();
        lab.East.Manifests.Service(added, "none", backend);
        await using (var root = lab.East.OpenAsRoot())
        {
            await Eventually.TrueAsync(
                async () => (await root.GetAsync("cilium/state/services/v1/east/drill/removed")).Item is null && (await root.GetAsync("cilium/state/services/v1/east/drill/added")).Item is not null,
                "east has told both changes", 30);
            var revision = (await root.StatusAsync()).Revision;
            await lab.East.CtlAsync("compact", revision.ToString(CultureInfo.InvariantCulture));
        }

        // A network that comes back has forgotten its connections: the watches go on from what they saw, which is gone.
        lab.East.Front.Cut();
        lab.East.Front.Heal();
        await lab.West.Gateway.HasAsync(added, $"{backend}");
        await lab.West.Gateway.HasAsync(removed);
        await lab.West.Agent.SeesReadyAsync("east", 60);
        await lab.West.Gateway.MarksAsync("east", unconfirmed: false);
        await watch.EndsWithNothingMissingAsync();
        await load.EndsWithoutFailureAsync();
    }

    [Fact]
    public async Task RemoteLeases_ExpiredWhileItsAgentHung_AreMadeAgainAndNoBackendIsLost()
    {
        await using var lab = await MeshLab.StartAsync(new() { LeaseTtl = "5s" });
        await using var load = SteadyLoad.On(lab.West.Gateway, lab.East.Gateway);
        await using var watch = new BackendWatch(lab.West.Gateway, MeshLab.FromEast, $"{lab.EastBackend}");
        await using var root = lab.East.OpenAsRoot();

        lab.East.Agent.Process.Pause();
        await Eventually.TrueAsync(async () => (await root.GetAsync("cilium/state/services/v1/east/drill/from-east")).Item is null, "the leases have run out", 40);
        await lab.West.Gateway.MarksAsync("east", unconfirmed: true);
        lab.East.Agent.Process.Resume();

        await BackAsync(lab);
        await watch.EndsWithNothingMissingAsync();
        await load.EndsWithoutFailureAsync();
    }

    [Fact]
    public async Task RemoteLeases_Revoked_AreMadeAgain()
    {
        await using var lab = await MeshLab.StartAsync(new() { LeaseTtl = "5s" });
        await using var load = SteadyLoad.On(lab.West.Gateway, lab.East.Gateway);
        await using var root = lab.East.OpenAsRoot();

        // The canaries first, as when leases run out: without them no deletion is believed.
        var canary = (await root.GetAsync("cilium/synced/east/cilium/state/services/v1")).Item!.Lease;
        var leases = (await lab.East.CtlAsync("lease", "list")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(lease => long.Parse(lease, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToList();
        Assert.Contains(canary, leases);
        foreach (var lease in leases.OrderByDescending(lease => lease == canary)) await RevokeAsync(root, lease);

        await BackAsync(lab);
        await load.EndsWithoutFailureAsync();
    }

    private static async Task RevokeAsync(IEtcdClient root, long lease)
    {
        try
        {
            await (await root.AdoptLeaseAsync(lease)).DisposeAsync();
        }
        catch (EtcdException e) when (e.Error == EtcdError.LeaseNotFound)
        {
            // Its holder gave it up when another one was gone.
        }
    }

    private static async Task BackAsync(MeshLab lab)
    {
        await using var root = lab.East.OpenAsRoot();
        await Eventually.TrueAsync(async () => (await root.GetAsync("cilium/state/services/v1/east/drill/from-east")).Item is not null, "the service is told again", 40);
        await lab.East.Agent.State.UntilAsync(state => state.Agent.Publishing is { Synced: true, LastError: null }, "east has told everything again");
        await lab.West.Agent.SeesReadyAsync("east", 60);
        await lab.West.Gateway.HasAsync(MeshLab.FromEast, $"{lab.EastBackend}");
        await lab.West.Gateway.MarksAsync("east", unconfirmed: false);
    }
}
