using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Ingress.Tls;

/// <summary>Keeps certificates as long as their Secrets are the same objects: reading keys is slow, and sessions resume by the context.</summary>
internal sealed class CertificateCache
{
    private Dictionary<SecretObject, TlsSecret> _kept = new(ReferenceEqualityComparer.Instance);

    /// <summary>For one pass; what it does not ask for is forgotten.</summary>
    public Func<ObjectKey, TlsSecret?> For(IReadOnlyDictionary<ObjectKey, SecretObject> secrets)
    {
        var (kept, next) = (_kept, new Dictionary<SecretObject, TlsSecret>(ReferenceEqualityComparer.Instance));
        _kept = next;
        return key =>
        {
            if (!secrets.TryGetValue(key, out var secret))
                return null;
            if (!next.TryGetValue(secret, out var read))
                next[secret] = read = kept.TryGetValue(secret, out var known) ? known : TlsSecretReader.Read(secret);
            return read;
        };
    }
}
