using ClusterMesh.Drills.Tests.Lab;
using ClusterMesh.Drills.Tests.Load;

namespace ClusterMesh.Drills.Tests;

/// <summary>What fails is our own: etcd, agent, gateway.</summary>
public sealed class OwnSideDrills
{
    [Fact]
    public async Task OwnEtcd_KilledAndBack_LosesNothingAndTellsWhatChangedMeanwhile()
    {
        await using var lab = await MeshLab.StartAsync();
        await using var load = SteadyLoad.On(lab.West.Gateway, lab.East.Gateway);
        await using var here = new BackendWatch(lab.West.Gateway, MeshLab.FromEast, $"{lab.EastBackend}");
        await using var there = new BackendWatch(lab.East.Gateway, MeshLab.FromWest, $"{lab.WestBackend}");

        lab.West.Etcd.Kill();
        await lab.West.Agent.State.UntilAsync(state => state.Agent is { State: "ready", Publishing.LastError: not null }, "west says that it cannot publish", 40);
        var (ours, theirs) = (lab.GrowFromWest(), lab.GrowFromEast());
        // Our own manifests need no etcd.
        await lab.West.Gateway.HasAsync(MeshLab.FromWest, ours);
        await lab.East.Gateway.MarksAsync("west", unconfirmed: true);
        // Nor do the other clusters: who was the mirror goes on reading them itself.
        await lab.West.Gateway.HasAsync(MeshLab.FromEast, theirs);
        await lab.West.Gateway.MarksAsync("east", unconfirmed: false);

        await lab.West.Etcd.StartAgainAsync();
        await lab.West.Agent.State.UntilAsync(state => state.Agent.Publishing is { Synced: true, LastError: null, Leader: true }, "west publishes again", 60);
        await lab.East.Agent.SeesReadyAsync("west", 60);
        await lab.West.Agent.SeesReadyAsync("east", 60);
        await lab.East.Gateway.HasAsync(MeshLab.FromWest, ours);
        await lab.West.Gateway.HasAsync(MeshLab.FromEast, theirs);
        await here.EndsWithNothingMissingAsync();
        await there.EndsWithNothingMissingAsync();
        await load.EndsWithoutFailureAsync();
    }

    [Fact]
    public async Task Agent_KilledAndStartedAgain_LosesNothingAndBringsWhatChangedMeanwhile()
    {
        await using var lab = await MeshLab.StartAsync();
        await using var load = SteadyLoad.On(lab.West.Gateway, lab.East.Gateway);
        await using var here = new BackendWatch(lab.West.Gateway, MeshLab.FromEast, $"{lab.EastBackend}");
        await using var there = new BackendWatch(lab.East.Gateway, MeshLab.FromWest, $"{lab.WestBackend}");

        lab.West.Agent.Kill();
        var (ours, theirs) = (lab.GrowFromWest(), lab.GrowFromEast());
        await lab.East.Gateway.HasAsync(MeshLab.FromEast, theirs);
        await lab.East.Gateway.MarksAsync("west", unconfirmed: true);
        lab.West.Agent.Start();

        await lab.West.Agent.State.UntilAsync(state => state.Agent is { State: "ready", Followers: 1, Publishing: { Synced: true, Leader: true } }, "west's agent is back", 60);
        await lab.West.Gateway.HasAsync(MeshLab.FromEast, theirs);
        await lab.West.Gateway.HasAsync(MeshLab.FromWest, ours);
        await lab.East.Gateway.HasAsync(MeshLab.FromWest, ours);
        await lab.East.Agent.SeesReadyAsync("west");
        await here.EndsWithNothingMissingAsync();
        await there.EndsWithNothingMissingAsync();
        await load.EndsWithoutFailureAsync();
    }

    [Fact]
    public async Task Leader_Killed_HandsItsDutiesOnWithin15SecondsWithoutAGap()
    {
        await using var lab = await MeshLab.StartAsync(new() { AgentsInWest = 2 });
        var leader = await LeaderAsync(lab.West.Agents);
        var other = lab.West.Agents.Single(agent => agent != leader);
        await using var keys = await KeyWatch.StartAsync(lab.West, "cilium/state/services/v1/west/", "cilium/cluster-config/west", "cilium/synced/west/");
        await using var load = SteadyLoad.On([.. lab.West.Gateways, lab.East.Gateway]);
        await using var there = new BackendWatch(lab.East.Gateway, MeshLab.FromWest, $"{lab.WestBackend}");
        await using var here = new BackendWatch(lab.West.Gateways[0], MeshLab.FromEast, $"{lab.EastBackend}");
        await using var hereToo = new BackendWatch(lab.West.Gateways[1], MeshLab.FromEast, $"{lab.EastBackend}");

        leader.Kill();
        // The bound; with an election of 2 s there is room for a busy machine.
        await other.State.UntilAsync(state => state.Agent is { Publishing: { Leader: true, Synced: true }, Mirror: "this agent" }, "the other agent leads", 15);
        var (ours, theirs) = (lab.GrowFromWest(), lab.GrowFromEast());
        await lab.East.Gateway.HasAsync(MeshLab.FromWest, ours);
        await lab.West.Gateways[lab.West.Agents.IndexOf(other)].HasAsync(MeshLab.FromEast, theirs);
        await lab.East.Agent.SeesReadyAsync("west");
        leader.Start();
        await leader.SeesReadyAsync("east", 60);
        foreach (var gateway in lab.West.Gateways) await gateway.HasAsync(MeshLab.FromEast, theirs);

        await keys.EndsWithNothingDeletedAsync();
        foreach (var watch in new[] { here, hereToo, there }) await watch.EndsWithNothingMissingAsync();
        await load.EndsWithoutFailureAsync();
    }

    [Fact]
    public async Task Gateway_RestartedWithoutAnAgent_ServesFromItsSnapshot()
    {
        await using var lab = await MeshLab.StartAsync();
        await using var theirs = SteadyLoad.On(lab.East.Gateway);
        await using (var before = SteadyLoad.On(lab.West.Gateway))
        {
            await AnsweredAsync(before);
            lab.West.Agent.Kill();
            await before.EndsWithoutFailureAsync();
        }

        lab.West.Gateway.Kill();
        lab.West.Gateway.Start();
        var kept = await lab.West.Gateway.State.UntilAsync(state => state.Gateway.State == "ready", "the gateway is ready without an agent");
        Assert.Equal([$"{lab.EastBackend}"], LabGateway.BackendsOf(kept, MeshLab.FromEast).Select(backend => backend.Address));
        await using var load = SteadyLoad.On(lab.West.Gateway);
        await AnsweredAsync(load);

        var changed = lab.GrowFromEast();
        lab.West.Agent.Start();
        await lab.West.Gateway.HasAsync(MeshLab.FromEast, changed);
        await load.EndsWithoutFailureAsync();
        await theirs.EndsWithoutFailureAsync();
    }

    private static Task AnsweredAsync(SteadyLoad load) => Eventually.TrueAsync(
        () => load.AnswersOf(MeshLab.FromEast, "east") > 20 && load.AnswersOf(MeshLab.FromWest, "west") > 20, "both clusters answer");

    private static async Task<LabAgent> LeaderAsync(IReadOnlyList<LabAgent> agents)
    {
        LabAgent? leader = null;
        await Eventually.TrueAsync(
            async () =>
            {
                foreach (var agent in agents)
                {
                    if (await agent.State.ReadAsync() is { Agent.Publishing: { Leader: true, Synced: true } }) leader = agent;
                }

                return leader is not null;
            }, "one agent leads");
        return leader!;
    }
}
