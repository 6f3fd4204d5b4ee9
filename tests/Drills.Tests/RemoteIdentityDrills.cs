using ClusterMesh.Drills.Tests.Lab;
using ClusterMesh.Drills.Tests.Load;

namespace ClusterMesh.Drills.Tests;

/// <summary>Another cluster is not who it was, or who it may be, or tells nonsense.</summary>
public sealed class RemoteIdentityDrills
{
    [Fact]
    public async Task Remote_RestartedWithAnotherClusterId_IsFollowed()
    {
        await using var lab = await MeshLab.StartAsync();
        await using var load = SteadyLoad.On(lab.West.Gateway, lab.East.Gateway);
        await using var watch = new BackendWatch(lab.West.Gateway, MeshLab.FromEast, $"{lab.EastBackend}");

        lab.East.Agent.Kill();
        lab.East.Agent.Start(id: 7);

        await lab.West.Agent.SeesAsync("east", east => east is { State: "ready", Confirmed: true, ClusterId: 7, Identities: > 0, Endpoints: > 0 }, "is ready as 7", 60);
        var changed = lab.GrowFromEast();
        await lab.West.Gateway.HasAsync(MeshLab.FromEast, changed);
        await lab.East.Agent.SeesReadyAsync("west");
        await watch.EndsWithNothingMissingAsync();
        await load.EndsWithoutFailureAsync();
    }

    [Fact]
    public async Task Remotes_TwoWithOneId_RefusesTheSecondAndLeavesTheFirstAlone()
    {
        await using var lab = await MeshLab.StartAsync();
        await using var load = SteadyLoad.On(lab.West.Gateway, lab.East.Gateway);
        await using var watch = new BackendWatch(lab.West.Gateway, MeshLab.FromEast, $"{lab.EastBackend}");

        await using var north = await lab.AddClusterAsync("north", lab.East.Id);
        var itsOwn = north.Backends.Take();
        north.Manifests.Service(MeshLab.FromEast, "none", itsOwn);
        north.AddNode(new());

        await north.Agent.SeesReadyAsync("west", 60);
        await lab.West.Agent.SeesAsync(
            "north", status => status is { State: "disconnected", Reason: { } reason } && reason.Contains("refused", StringComparison.Ordinal)
                && reason.Contains("east", StringComparison.Ordinal) && reason.Contains("north", StringComparison.Ordinal), "is refused, as east has its id", 60);
        var east = await lab.West.Agent.SeesReadyAsync("east");
        Assert.Equal((0, 0), (east.Failures, east.Reconnections));
        await lab.West.Gateway.HasAsync(MeshLab.FromEast, $"{lab.EastBackend}");
        await watch.EndsWithNothingMissingAsync();
        await load.EndsWithoutFailureAsync();
        Assert.Equal(0, load.AnswersOf(MeshLab.FromEast, "north"));
    }

    [Fact]
    public async Task Remote_WritingGarbageAndHugeValues_HasThemCountedAndTheRestBelieved()
    {
        await using var lab = await MeshLab.StartAsync(new() { EtcdOfEast = ["--max-request-bytes", "8388608"] });
        await using var load = SteadyLoad.On(lab.West.Gateway, lab.East.Gateway);
        await using var watch = new BackendWatch(lab.West.Gateway, MeshLab.FromEast, $"{lab.EastBackend}");

        using (var hostile = HostileWriter.To(lab.East))
        {
            var megabytes = new byte[2 * 1024 * 1024];
            string[] parts = ["services/v1/east/drill", "nodes/v1/east", "ip/v1/default", "identities/v1/id"];
            foreach (var part in parts)
            {
                await hostile.PutAsync($"cilium/state/{part}/huge", megabytes);
                await hostile.PutAsync($"cilium/state/{part}/bad", "{\"cluster\":"u8.ToArray());
                await hostile.PutAsync($"cilium/state/{part}/\u0001/../\u00ff", [0xff, 0x00]);
            }

            // What it told rightly before, overwritten: the last good value stays.
            await hostile.PutAsync("cilium/state/services/v1/east/drill/from-east", "[]"u8.ToArray());
            await hostile.PutAsync("cilium/state/services/v1/west/drill/from-west", "{}"u8.ToArray());
            await hostile.PutAsync("cilium/state/services/v1/east/drill/larger", [.. megabytes, 0]);
            await hostile.PutAsync("cilium/.heartbeat", megabytes);
        }

        await lab.West.Agent.SeesAsync("east", east => east is { State: "ready", Confirmed: true, Ignored: >= 14 }, "is ready, with all of that ignored", 60);
        var changed = lab.GrowFromEast();
        await lab.West.Gateway.HasAsync(MeshLab.FromEast, changed);

        // Once more from the beginning: a list has it all in one answer.
        lab.West.Agent.Kill();
        lab.West.Agent.Start();
        await lab.West.Agent.SeesAsync("east", east => east is { State: "ready", Confirmed: true, Ignored: >= 13 }, "is ready after a list of all that", 60);
        await lab.West.Agent.State.UntilAsync(state => state.Agent is { State: "ready", Followers: 1 }, "the gateway follows again");
        await lab.West.Gateway.HasAsync(MeshLab.FromEast, changed);
        await watch.EndsWithNothingMissingAsync();
        await load.EndsWithoutFailureAsync();
    }
}
