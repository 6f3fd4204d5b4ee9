using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Cli.Inspect;

/// <summary>The certificate that we show: its name is the user that the remote's etcd takes us for.</summary>
internal static class OwnCertificateStep
{
    private const string Again = "issue it anew: clustermesh connect DIR OTHER";

    public static InspectStep Judge(EtcdConfig config, DateTimeOffset now)
    {
        if (config.CertFile is null || config.KeyFile is null)
            return InspectStep.Warning(InspectSteps.Certificate, "the file names no cert-file and key-file", "without a certificate only an etcd that lets in everybody answers");
        try
        {
            return Judge(config.CertFile, config.KeyFile, now);
        }
        catch (BootstrapException error)
        {
            return Bad(error.Message);
        }
    }

    private static InspectStep Judge(string path, string keyPath, DateTimeOffset now)
    {
        if (CertificateFile.Read(path) is not { } ours) return Bad($"{path} is not there, or no certificate");
        if (!ours.BelongsTo(keyPath)) return Bad($"{keyPath} is not there, or not the key of {path}");
        var seen = $"{ours.Names.CommonName}, {Dates(ours.NotBefore, ours.NotAfter)}, issued by {ours.Issuer}";
        if (ours.NotAfter < now) return Bad($"expired: {seen}");
        if (ours.NotBefore > now) return InspectStep.Failed(InspectSteps.Certificate, $"not valid yet: {seen}", "check this machine's clock, or wait");
        return ours.NotAfter < now + HomeCertificates.RenewalMargin
            ? InspectStep.Warning(InspectSteps.Certificate, $"ends soon: {seen}", "renew it: clustermesh connect DIR OTHER")
            : InspectStep.Ok(InspectSteps.Certificate, seen);
    }

    public static string Dates(DateTimeOffset from, DateTimeOffset to) => $"from {from.ToUniversalTime():yyyy-MM-dd HH:mm}Z to {to.ToUniversalTime():yyyy-MM-dd HH:mm}Z";

    private static InspectStep Bad(string seen) => InspectStep.Failed(InspectSteps.Certificate, seen, Again);
}
