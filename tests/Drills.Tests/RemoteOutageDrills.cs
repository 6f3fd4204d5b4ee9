using ClusterMesh.Drills.Tests.Lab;
using ClusterMesh.Drills.Tests.Load;

namespace ClusterMesh.Drills.Tests;

/// <summary>Another cluster's etcd is away, or cannot be reached.</summary>
public sealed class RemoteOutageDrills
{
    [Fact]
    public async Task RemoteEtcd_KilledForAMinute_KeepsItsBackendsUnconfirmedAndCatchesUp()
    {
        await using var lab = await MeshLab.StartAsync();
        await using var load = SteadyLoad.On(lab.West.Gateway, lab.East.Gateway);
        await using var watch = new BackendWatch(lab.West.Gateway, MeshLab.FromEast, $"{lab.EastBackend}");

        lab.East.Etcd.Kill();
        // A minute is what the drill is about: longer than any call or watch waits.
        var minute = Task.Delay(TimeSpan.FromMinutes(1), TimeProvider.System);
        await lab.West.Gateway.MarksAsync("east", unconfirmed: true);
        await lab.West.Agent.SeesAsync("east", east => east is { State: "disconnected", Confirmed: false, LastError: not null }, "is disconnected", 40);
        var changed = lab.GrowFromEast();
        await minute;

        await lab.East.Etcd.StartAgainAsync();
        await lab.West.Agent.SeesReadyAsync("east", 60);
        await lab.West.Gateway.HasAsync(MeshLab.FromEast, changed);
        await lab.West.Gateway.MarksAsync("east", unconfirmed: false);
        await lab.East.Agent.State.UntilAsync(state => state.Agent.Publishing is { Synced: true, LastError: null }, "east publishes again");
        await watch.EndsWithNothingMissingAsync();
        await load.EndsWithoutFailureAsync();
    }

    [Fact]
    public async Task RemoteEtcd_PartitionedFor30Seconds_IsUnconfirmedSoonAndHealsByItself()
    {
        await using var lab = await MeshLab.StartAsync();
        await using var load = SteadyLoad.On(lab.West.Gateway, lab.East.Gateway);
        await using var watch = new BackendWatch(lab.West.Gateway, MeshLab.FromEast, $"{lab.EastBackend}");

        lab.East.Front.Hold();
        // What the drill is about: longer than a ping of the connection waits for its answer.
        var partition = Task.Delay(TimeSpan.FromSeconds(30), TimeProvider.System);
        // Two heartbeats are 2 s; the rest is for a busy machine.
        await lab.West.Gateway.MarksAsync("east", unconfirmed: true, seconds: 10);
        var changed = lab.GrowFromEast();
        await partition;

        lab.East.Front.Heal();
        await lab.West.Agent.SeesReadyAsync("east", 60);
        await lab.West.Gateway.HasAsync(MeshLab.FromEast, changed);
        await lab.West.Gateway.MarksAsync("east", unconfirmed: false);
        await watch.EndsWithNothingMissingAsync();
        await load.EndsWithoutFailureAsync();
    }
}
