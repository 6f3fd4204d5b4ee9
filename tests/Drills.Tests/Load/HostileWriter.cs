using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Drills.Tests.Lab;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Etcd.Protos;
using ClusterMesh.Mesh.Grpc;
using Google.Protobuf;

namespace ClusterMesh.Drills.Tests.Load;

/// <summary>Writes into a cluster's etcd, with its agent's certificate, what our own client would not.</summary>
internal sealed class HostileWriter : IDisposable
{
    private readonly X509Certificate2 _own, _authority;
    private readonly GrpcChannel _channel;

    private HostileWriter(LabCluster cluster)
    {
        _own = X509Certificate2.CreateFromPemFile(cluster.Home.Certificate(ClusterHome.AgentName), cluster.Home.Key(ClusterHome.AgentName));
        _authority = X509CertificateLoader.LoadCertificateFromFile(cluster.Home.CaCertificate);
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(_authority);
        var tls = new SslClientAuthenticationOptions { ClientCertificateContext = SslStreamCertificateContext.Create(_own, null, offline: true), CertificateChainPolicy = trust };
        _channel = new(cluster.Etcd.Endpoint, TimeProvider.System, new() { Tls = tls });
    }

    public static HostileWriter To(LabCluster cluster) => new(cluster);

    /// <param name="key">One byte per character, so that it need not be UTF-8.</param>
    public Task PutAsync(string key, byte[] value) => _channel.UnaryAsync(
        EtcdMethods.Put.Method, new PutRequest { Key = ByteString.CopyFrom(Encoding.Latin1.GetBytes(key)), Value = UnsafeByteOperations.UnsafeWrap(value) });

    public void Dispose()
    {
        _channel.Dispose();
        _own.Dispose();
        _authority.Dispose();
    }
}
