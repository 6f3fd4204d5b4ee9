using ClusterMesh.Cli.Lab.Topology;

namespace ClusterMesh.Cli.Lab.Network;

/// <summary>What is wrong with each link now: delay and loss are set one after the other and hold together.</summary>
internal sealed class LinkFaults(Underlay underlay, TimeProvider time) : IAsyncDisposable
{
    private readonly SemaphoreSlim _changes = new(1);
    private readonly Dictionary<string, (LinkFault Fault, DelayLine Line)> _lines = new(StringComparer.Ordinal);

    /// <exception cref="LabException">There is no such link.</exception>
    public Task CutAsync(string target) => underlay.SetUpAsync(target, up: false);

    /// <exception cref="LabException"/>
    public async Task HealAsync(string target)
    {
        await underlay.SetUpAsync(target, up: true);
        await ChangeAsync(target, _ => default);
    }

    /// <exception cref="LabException"/>
    public async Task ChangeAsync(string target, Func<LinkFault, LinkFault> change)
    {
        var link = underlay.LinkOf(target);
        await _changes.WaitAsync();
        try
        {
            var there = _lines.TryGetValue(target, out var now);
            var fault = change(now.Fault);
            if (fault.IsNone && !there) return;
            if (fault.IsNone)
            {
                _lines.Remove(target);
                await now.Line.DisposeAsync();
                return;
            }

            if (there) now.Line.Fault = fault;
            _lines[target] = (fault, there ? now.Line : await DelayLine.StartAsync(underlay.Switch, link, fault, time));
        }
        finally
        {
            _changes.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, line) in _lines.Values) await line.DisposeAsync();
        _changes.Dispose();
    }
}
