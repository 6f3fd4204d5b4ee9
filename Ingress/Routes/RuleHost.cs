using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Routes;

/// <summary>A rule's or TLS entry's host as it is matched.</summary>
internal static class RuleHost
{
    /// <summary>False: not a DNS name, nor "*." and one.</summary>
    public static bool TryParse(string? written, out HostMatch host)
    {
        host = HostMatch.Any;
        if (string.IsNullOrEmpty(written))
            return true;
        var name = written.ToLowerInvariant();
        host = name.StartsWith("*.", StringComparison.Ordinal)
            ? new HostMatch(HostMatchKind.OneLabel, name[2..])
            : new HostMatch(HostMatchKind.Exact, name);
        return IsDnsName(host.Name) && !AnnotationValues.IsAddress(host.Name);
    }

    /// <summary>The wildcard that covers this precise host ("a.foo.com": "*.foo.com"), or null.</summary>
    public static HostMatch? WildcardOver(HostMatch host)
    {
        var dot = host.Kind == HostMatchKind.Exact ? host.Name.IndexOf('.') : -1;
        return dot < 0 ? null : new HostMatch(HostMatchKind.OneLabel, host.Name[(dot + 1)..]);
    }

    // Underscores are no host names' letters by the book, but they occur in real zones.
    private static bool IsDnsName(string name)
    {
        if (name.Length > 253)
            return false;
        foreach (var label in name.AsSpan().Split('.'))
        {
            var text = name.AsSpan()[label];
            if (text.Length is 0 or > 63 || text[0] == '-' || text[^1] == '-')
                return false;
            if (text.ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789-_"))
                return false;
        }
        return true;
    }
}
