using System.Collections.Concurrent;
using ClusterMesh.Cli.Lab.Topology;

namespace ClusterMesh.Cli.Lab.Network;

/// <summary>What is wrong with each link now: delay and loss are set one after the other and hold together.</summary>
internal sealed class LinkFaults(Underlay underlay)
{
    private readonly ConcurrentDictionary<string, LinkFault> _faults = new(StringComparer.Ordinal);

    public Task CutAsync(string target) => underlay.SetUpAsync(target, up: false);

    public async Task HealAsync(string target)
    {
        await underlay.SetUpAsync(target, up: true);
        await ChangeAsync(target, _ => default);
    }

    public Task ChangeAsync(string target, Func<LinkFault, LinkFault> change)
    {
        var fault = change(_faults.GetValueOrDefault(target));
        _faults[target] = fault;
        return underlay.HarmAsync(target, fault);
    }
}
