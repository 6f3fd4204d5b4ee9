using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Cli.Inspect;

/// <summary>The handshake, and the first words of HTTP/2: with TLS 1.3 a server refuses our certificate only after the handshake.</summary>
internal static class TlsStep
{
    // RFC 9113 3.4: the preface, then a SETTINGS frame, here an empty one.
    private static readonly byte[] s_preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0];

    /// <param name="timeout">Its end is a finding, not an exception.</param>
    public static async Task<InspectStep> TryAsync(Stream connection, Uri endpoint, EtcdConfig config, TimeProvider time, CancellationToken timeout)
    {
        if (endpoint.Scheme == Uri.UriSchemeHttp)
            return InspectStep.Warning(InspectSteps.Tls, "plain http: everybody on the way can read and change it", "use https with certificates: clustermesh etcd init, clustermesh connect");
        InspectStep? server = null;
        try
        {
            var trusted = Roots(config);
            await using var tls = new SslStream(connection, leaveInnerStreamOpen: true);
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = endpoint.IdnHost.Trim('[', ']'),
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                ClientCertificateContext = Ours(config),
                RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
                {
                    server = ServerCertificate.Judge(
                        (X509Certificate2)certificate!, chain!.ChainPolicy.ExtraStore, trusted, config.TrustedCaFile ?? "this machine's CAs", endpoint.IdnHost.Trim('[', ']'), time.GetUtcNow());
                    return server.Verdict != Verdict.Failed;
                },
            };
            await tls.AuthenticateAsClientAsync(options, timeout);
            await tls.WriteAsync(s_preface, timeout);
            return await tls.ReadAsync(new byte[1], timeout) == 1 && server is not null ? server : Refused(server, "it closed the connection", config);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or UnauthorizedAccessException or FileNotFoundException)
        {
            return InspectStep.Failed(InspectSteps.Tls, $"trusted-ca-file {config.TrustedCaFile} cannot be used: {error.Message}", "write it anew: clustermesh connect DIR OTHER");
        }
        catch (Exception error) when (error is AuthenticationException or IOException)
        {
            return Refused(server, Innermost(error), config);
        }
        catch (OperationCanceledException)
        {
            return InspectStep.Failed(InspectSteps.Tls, "no answer in time", "see that an etcd with TLS listens there");
        }
    }

    /// <param name="server">What its certificate was worth; null when none came.</param>
    private static InspectStep Refused(InspectStep? server, string why, EtcdConfig config) => server switch
    {
        null => InspectStep.Failed(InspectSteps.Tls, $"no TLS there: {why}", "see that the endpoint is etcd's client port and that it was started with --cert-file"),
        { Verdict: Verdict.Failed } => server,
        _ => InspectStep.Failed(
            InspectSteps.Tls, $"our certificate {(config.CertFile is null ? "is missing" : $"{config.CertFile} is refused")} by the server ({why}); its own: {server.Seen}",
            "it must be signed by the CA in the remote etcd's --trusted-ca-file: clustermesh connect DIR OTHER --renew"),
    };

    private static X509Certificate2Collection Roots(EtcdConfig config)
    {
        var roots = new X509Certificate2Collection();
        if (config.TrustedCaFile is not null)
        {
            roots.ImportFromPemFile(config.TrustedCaFile);
            return roots.Count > 0 ? roots : throw new CryptographicException("there is no certificate in it");
        }

        using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
        roots.AddRange(store.Certificates);
        return roots;
    }

    // A context is sent whatever CAs the server says that it takes: its refusal is what we want to hear.
    private static SslStreamCertificateContext? Ours(EtcdConfig config) =>
        config is { CertFile: { } certificate, KeyFile: { } key }
            ? SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(certificate, key), additionalCertificates: null, offline: true)
            : null;

    private static string Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error.Message;
}
