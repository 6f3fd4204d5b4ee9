using System.Globalization;
using ClusterMesh.Ingress.Routes;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Tls;

/// <param name="Hosts">Those with a TLS entry, with or without a usable certificate.</param>
internal sealed record TlsModel(CertificateTable Certificates, TlsHosts Hosts);

/// <summary>From the main Ingresses' TLS entries to the certificate of each host. The oldest Ingress with a usable one wins.</summary>
/// <param name="now">Only to warn of certificates that are not valid; they are served all the same.</param>
internal sealed class TlsCompiler(Func<ObjectKey, TlsSecret?> secrets, DateTimeOffset now, ProblemList problems)
{
    private readonly List<CertificateEntry> _entries = [];
    private readonly Dictionary<HostMatch, (CertificateEntry Entry, ParsedIngress Owner)> _taken = [];
    private readonly TlsHosts _hosts = new();

    /// <param name="mains">Oldest first. A canary's TLS entries are copies of its main's and do not count.</param>
    public TlsModel Compile(IReadOnlyList<ParsedIngress> mains, ObjectKey? defaultSecret)
    {
        foreach (var ingress in mains)
        {
            foreach (var entry in ingress.Tls)
                Add(ingress, entry);
        }
        return new TlsModel(new CertificateTable(_entries, ReadDefault(defaultSecret)), _hosts);
    }

    private void Add(ParsedIngress ingress, ParsedTls entry)
    {
        // An entry without a secret asks for the default certificate.
        if (entry.Secret is not { } key)
        {
            _hosts.Add(HostsOf(ingress, entry, null));
            return;
        }

        var secret = secrets(key);
        _hosts.Add(HostsOf(ingress, entry, secret));
        if (secret?.Certificate is not { } certificate)
        {
            Report(ingress, entry, secret is null ? $"no Secret {key}" : $"Secret {key} {secret.Why}", "the default certificate is used");
            return;
        }
        ReportValidity(ingress, entry, key, certificate);
        foreach (var host in HostsOf(ingress, entry, secret).Where(host => host != HostMatch.Any))
            Claim(ingress, entry, key, secret, host);
    }

    private void Claim(ParsedIngress ingress, ParsedTls entry, ObjectKey key, TlsSecret secret, HostMatch host)
    {
        var claim = new CertificateEntry(host.ToString(), key, secret.Certificate!.NotAfter, secret.Certificate);
        if (_taken.TryGetValue(host, out var taken))
        {
            if (taken.Entry.Secret != key)
                Report(ingress, entry, $"host {host} already has Secret {taken.Entry.Secret} by the older {taken.Owner.Owner}", "that one is served");
            return;
        }
        if (!secret.IsFor(host))
            Report(ingress, entry, $"the certificate in Secret {key} is not for {host}", "it is served all the same, and clients will refuse it");
        _taken.Add(host, (claim, ingress));
        _entries.Add(claim);
    }

    /// <summary>Without hosts: what the certificate names, else all that the Ingress has rules for.</summary>
    private static IEnumerable<HostMatch> HostsOf(ParsedIngress ingress, ParsedTls entry, TlsSecret? secret)
    {
        if (entry.Hosts.Length > 0)
            return entry.Hosts;
        if (secret is not { Names.Length: > 0 })
            return ingress.Hosts;
        // A certificate cannot name "every host", but an Ingress for every host with TLS means it.
        return ingress.Hosts.Contains(HostMatch.Any) ? secret.Names.Append(HostMatch.Any) : secret.Names;
    }

    private void ReportValidity(ParsedIngress ingress, ParsedTls entry, ObjectKey key, ServerCertificate certificate)
    {
        // No time is known where nobody says when the objects were read.
        var wrong = now == default ? null
            : certificate.NotAfter < now ? $"expired at {Format(certificate.NotAfter)}"
            : certificate.NotBefore > now ? $"is not valid before {Format(certificate.NotBefore)}"
            : null;
        if (wrong is not null)
            Report(ingress, entry, $"the certificate in Secret {key} {wrong}", "it is served all the same, and clients will refuse it");
    }

    private static string Format(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private ServerCertificate? ReadDefault(ObjectKey? key)
    {
        if (key is not { } named)
            return null;
        var secret = secrets(named);
        if (secret?.Certificate is null)
            problems.Add($"Secret {named}", "", $"the default TLS secret {secret?.Why ?? "is not there"}", "a self-signed certificate is used");
        return secret?.Certificate;
    }

    private void Report(ParsedIngress ingress, ParsedTls entry, string reason, string instead) =>
        problems.Add(ingress.Object, $"{entry.Field}.secretName", reason, instead);
}
