using ClusterMesh.Bpf;
using ClusterMesh.Proxy.Node;
using ClusterMesh.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.Proxy.Tests.Node;

/// <summary>A listener's place in the real kernel, looked at as often as the test says.</summary>
public sealed class ListenerPlaceTests
{
    // More than enough for everything that it looks at now and then.
    private const int Looks = 100;

    [KernelTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Place_OfAnAgentThatRestarts_IsLeftOnlyWhenTheMapsAreNew(bool newMaps)
    {
        using var scene = new AgentMapsScene();
        using var maps = ProxyMaps.Open(scene.Pins);
        using var listener = AgentMapsScene.Listener();
        var place = Enter(maps, listener);
        Look(place);
        Assert.False(place.Succeeded.IsCompleted);
        scene.Restart(newMaps);
        Look(place);
        Assert.Equal((newMaps, !newMaps), (place.Succeeded.IsCompleted, place.IsIn));
        Assert.Equal(!newMaps, scene.Agent.HasProxy);
        // Whoever is started in its place finds the new ones.
        using var again = ProxyMaps.Open(scene.Pins);
        using var next = AgentMapsScene.Listener();
        Enter(again, next);
        Assert.True(scene.Agent.HasProxy);
    }

    [KernelFact]
    public void Place_WhosePinsAreGone_IsLeft()
    {
        using var scene = new AgentMapsScene();
        using var maps = ProxyMaps.Open(scene.Pins);
        using var listener = AgentMapsScene.Listener();
        var place = Enter(maps, listener);
        File.Delete(Path.Combine(scene.Pins, "v1", "proxy_socket"));
        Look(place);
        Assert.True(place.Succeeded.IsCompleted);
    }

    [KernelFact]
    public void Place_ThatASuccessorTookAndGaveUp_IsNotTakenAgain()
    {
        using var scene = new AgentMapsScene();
        using ProxyMaps maps = ProxyMaps.Open(scene.Pins), others = ProxyMaps.Open(scene.Pins);
        using var listener = AgentMapsScene.Listener();
        var place = Enter(maps, listener);
        using (var successor = AgentMapsScene.Listener())
        {
            others.PutListener(successor.SafeHandle);
            Look(place);
        }

        Look(place);
        Assert.True(place.Succeeded.IsCompleted);
        Assert.False(scene.Agent.HasProxy);
    }

    [KernelFact]
    public void Place_ThatWasEmptied_IsTakenAgain()
    {
        using var scene = new AgentMapsScene();
        using ProxyMaps maps = ProxyMaps.Open(scene.Pins), others = ProxyMaps.Open(scene.Pins);
        using var listener = AgentMapsScene.Listener();
        var place = Enter(maps, listener);
        // A successor that came and went between two looks.
        using (var successor = AgentMapsScene.Listener()) others.PutListener(successor.SafeHandle);
        Assert.False(scene.Agent.HasProxy);
        Look(place);
        Assert.True(scene.Agent.HasProxy);
    }

    private static ListenerPlace Enter(ProxyMaps maps, System.Net.Sockets.Socket listener)
    {
        var place = new ListenerPlace(maps, 100, TimeProvider.System, NullLogger.Instance);
        place.Enter(listener);
        return place;
    }

    private static void Look(ListenerPlace place)
    {
        for (var look = 0; look < Looks; look++) place.Look();
    }
}
