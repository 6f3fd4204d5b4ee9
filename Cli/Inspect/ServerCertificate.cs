using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterMesh.Cli.Bootstrap;

namespace ClusterMesh.Cli.Inspect;

/// <summary>Whether a server's certificate is to be believed, and if not, which of the ways it fails.</summary>
internal static class ServerCertificate
{
    /// <param name="sent">What else the server sent: intermediates.</param>
    /// <param name="trusted">The only roots.</param>
    /// <param name="trustedFile">Where they are from, for people.</param>
    public static InspectStep Judge(
        X509Certificate2 certificate, X509Certificate2Collection sent, X509Certificate2Collection trusted, string trustedFile, string host, DateTimeOffset now)
    {
        var names = CertificateNames.Of(certificate);
        var issuer = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true);
        var seen = $"{names}, {OwnCertificateStep.Dates(certificate.NotBefore, certificate.NotAfter)}, issued by {issuer}";
        if (!Chains(certificate, sent, trusted))
            return Bad($"signed by another CA than {trustedFile} ({string.Join(", ", trusted.Select(root => root.GetNameInfo(X509NameType.SimpleName, forIssuer: false)))})",
                $"if that etcd is the right one, put its CA into {trustedFile}: clustermesh connect DIR OTHER copies it");
        if (certificate.NotAfter < now) return Bad("expired", "renew it in the remote cluster, etcd takes it without a restart: clustermesh cert issue DIR etcd");
        if (certificate.NotBefore > now) return Bad("not valid yet", "check the clocks of both machines");
        if (!certificate.MatchesHostname(host, allowCommonName: false))
            return Bad($"it is not for {host}", $"issue it in the remote cluster with that name and those it has: clustermesh cert issue DIR etcd {Options(names, host)}");
        return certificate.NotAfter < now + HomeCertificates.RenewalMargin
            ? InspectStep.Warning(InspectSteps.Tls, $"ends soon: {seen}", "renew it in the remote cluster: clustermesh cert issue DIR etcd")
            : InspectStep.Ok(InspectSteps.Tls, seen);

        InspectStep Bad(string why, string mend) => InspectStep.Failed(InspectSteps.Tls, $"the server's certificate: {why}: {seen}", mend);
    }

    private static string Options(CertificateNames names, string host)
    {
        var isAddress = System.Net.IPAddress.TryParse(host, out _);
        return string.Join(' ',
        [
            .. names.DnsNames.Select(name => $"--dns {name}"), .. names.Addresses.Select(address => $"--ip {address}"), isAddress ? $"--ip {host}" : $"--dns {host}",
        ]);
    }

    private static bool Chains(X509Certificate2 certificate, X509Certificate2Collection sent, X509Certificate2Collection trusted)
    {
        using var chain = new X509Chain
        {
            ChainPolicy =
            {
                // Dates are judged by themselves, to tell an old certificate from one of somebody else.
                TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid,
                DisableCertificateDownloads = true,
            },
        };
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        chain.ChainPolicy.ExtraStore.AddRange(sent);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        return chain.Build(certificate);
    }
}
