using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Tls;

/// <param name="Host">"foo.example" or "*.foo.example".</param>
internal sealed record CertificateEntry(string Host, ObjectKey Secret, DateTimeOffset NotAfter, ServerCertificate Certificate);

/// <summary>Certificates by the name a client asks for (SNI): the exact host, else the wildcard one label up.</summary>
internal sealed class CertificateTable
{
    public static readonly CertificateTable Empty = new([], null);

    private readonly Dictionary<string, ServerCertificate> _exact = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ServerCertificate> _wildcards = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="entries">One per host.</param>
    public CertificateTable(IReadOnlyList<CertificateEntry> entries, ServerCertificate? byDefault)
    {
        (Entries, Default) = (entries, byDefault);
        foreach (var entry in entries)
        {
            if (entry.Host.StartsWith("*.", StringComparison.Ordinal))
                _wildcards.Add(entry.Host[2..], entry.Certificate);
            else
                _exact.Add(entry.Host, entry.Certificate);
        }
    }

    public IReadOnlyList<CertificateEntry> Entries { get; }

    /// <summary>The configured default, or null.</summary>
    public ServerCertificate? Default { get; }

    /// <summary>Null: no certificate was given for this name, or the client named none.</summary>
    public ServerCertificate? Find(string? serverName)
    {
        if (string.IsNullOrEmpty(serverName))
            return null;
        if (_exact.TryGetValue(serverName, out var exact))
            return exact;
        var dot = serverName.IndexOf('.');
        return dot > 0 && _wildcards.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(serverName.AsSpan(dot + 1), out var wildcard)
            ? wildcard
            : null;
    }
}
