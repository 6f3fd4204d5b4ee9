using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Proxy.Split;

/// <summary>A split made ready to draw from: over all targets by weight, and over those that are healthy when one is out. Immutable.</summary>
internal sealed class SplitTable
{
    private readonly SplitModel _model;
    private readonly ulong[] _names;
    private readonly WeightedSequence? _all;
    private volatile Healthy _healthy = new([], null, -1);

    public SplitTable(SplitModel model)
    {
        _model = model;
        _names = [.. model.Targets.Select(target => StickyHash.Of($"{target.Service}:{target.Port}"))];
        if (model.Targets.Any(target => target.Weight > 0)) _all = new([.. model.Targets.Select(target => target.Weight)]);
    }

    public SplitModel Model => _model;

    /// <summary>The target whose turn it is, healthy or not.</summary>
    public int Draw(ref long counter) => _all is null ? 0 : _all.Draw(ref counter);

    /// <summary>The turn among healthy targets; -1 when none is. Weight 0 counts only where nobody with a weight is healthy.</summary>
    public int DrawHealthy(ReadOnlySpan<bool> healthy, ref long counter)
    {
        var known = _healthy;
        if (!healthy.SequenceEqual(known.Of)) _healthy = known = Prepare(healthy);
        return known.Sequence?.Draw(ref counter) ?? known.First;
    }

    public int Sticky(ulong key, ReadOnlySpan<bool> healthy)
    {
        var (best, score) = (-1, double.MaxValue);
        for (var i = 0; i < _names.Length; i++)
        {
            if (!healthy[i] || _model.Targets[i].Weight == 0) continue;
            var mine = StickyHash.Score(key, _names[i], _model.Targets[i].Weight);
            if (mine < score) (best, score) = (i, mine);
        }

        return best >= 0 ? best : healthy.IndexOf(true);
    }

    private Healthy Prepare(ReadOnlySpan<bool> healthy)
    {
        var weights = new long[healthy.Length];
        for (var i = 0; i < weights.Length; i++) weights[i] = healthy[i] ? _model.Targets[i].Weight : 0;
        return new([.. healthy], weights.Any(weight => weight > 0) ? new(weights) : null, healthy.IndexOf(true));
    }

    private sealed record Healthy(bool[] Of, WeightedSequence? Sequence, int First);
}
