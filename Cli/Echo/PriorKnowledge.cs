using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace ClusterMesh.Cli.Echo;

/// <summary>
/// Serves HTTP/1.1 and HTTP/2 on one clear-text port. Kestrel takes HTTP/1.1 wherever there was no ALPN, so the first bytes
/// decide (only HTTP/2's preface begins with "PRI ") and Kestrel is told as if ALPN had. That connection counts as TLS
/// then, which is why the server must allow the scheme http on it.
/// </summary>
internal static class PriorKnowledge
{
    private static ReadOnlySpan<byte> Preface => "PRI "u8;

    public static void UsePriorKnowledgeHttp2(this ListenOptions endpoint)
    {
        endpoint.KestrelServerOptions.AllowAlternateSchemes = true;
        endpoint.Protocols = HttpProtocols.Http1AndHttp2;
        endpoint.Use(next => async connection =>
        {
            if (await StartsWithPrefaceAsync(connection.Transport.Input, connection.ConnectionClosed))
            {
                var asIfByAlpn = new Http2Chosen();
                connection.Features.Set<ITlsConnectionFeature>(asIfByAlpn);
                connection.Features.Set<ITlsApplicationProtocolFeature>(asIfByAlpn);
            }

            await next(connection);
        });
    }

    private static async ValueTask<bool> StartsWithPrefaceAsync(PipeReader input, CancellationToken closed)
    {
        while (true)
        {
            ReadResult read;
            try
            {
                read = await input.ReadAsync(closed);
            }
            catch (Exception error) when (error is ConnectionAbortedException or ConnectionResetException or OperationCanceledException)
            {
                return false;
            }

            var seen = read.Buffer.Slice(0, Math.Min(Preface.Length, read.Buffer.Length)).ToArray();
            var undecided = !read.IsCompleted && seen.Length < Preface.Length && Preface.StartsWith(seen);
            input.AdvanceTo(read.Buffer.Start, undecided ? read.Buffer.End : read.Buffer.Start);
            if (!undecided)
                return Preface.SequenceEqual(seen);
        }
    }

    private sealed class Http2Chosen : ITlsConnectionFeature, ITlsApplicationProtocolFeature
    {
        public ReadOnlyMemory<byte> ApplicationProtocol => SslApplicationProtocol.Http2.Protocol;

        public X509Certificate2? ClientCertificate { get; set; }

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult(ClientCertificate);
    }
}
