using System.Globalization;
using System.Text;
using ClusterMesh.Mesh.Identity;

namespace ClusterMesh.Mesh.Clusters.Reading;

/// <summary>
/// cilium/state/identities/v1/id/NUMBER (cilium.md 2 and 3.1): labels as text. They must name the cluster that tells them: nobody
/// may hand out another cluster's labels, nor labels that seem to be of ours.
/// </summary>
internal sealed class IdentityReader(string cluster, int clusterId) : IPartReader<uint, string>
{
    private const string ClusterLabel = "io.cilium.k8s.policy.cluster=";

    private static readonly UTF8Encoding s_utf8 = new(false, throwOnInvalidBytes: true);

    public bool TryKey(string name, out uint key) =>
        uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out key) && name[0] != '0';

    public Reading<string> Read(uint key, ReadOnlySpan<byte> value)
    {
        if (NumericIdentity.IsReserved(key) || !NumericIdentity.BelongsTo(key, clusterId)) return Reading<string>.Ignore(IgnoredReason.IdOutOfRange);
        string labels;
        try
        {
            labels = s_utf8.GetString(value);
        }
        catch (DecoderFallbackException)
        {
            return Reading<string>.Ignore(IgnoredReason.BadLabels);
        }

        if (!AreLabels(labels)) return Reading<string>.Ignore(IgnoredReason.BadLabels);
        return NamesOnly(labels, cluster) ? Reading<string>.Of(labels) : Reading<string>.Ignore(IgnoredReason.OtherCluster);
    }

    private static bool AreLabels(string labels)
    {
        if (!labels.EndsWith(';')) return false;
        foreach (var part in labels.AsSpan(0, labels.Length - 1).Split(';'))
        {
            var label = labels.AsSpan(0, labels.Length - 1)[part];
            if (label.IndexOf(':') <= 0 || label.ContainsAnyInRange('\0', '\x1f')) return false;
        }

        return true;
    }

    private static bool NamesOnly(string labels, string cluster)
    {
        var found = false;
        foreach (var label in labels.Split(';'))
        {
            var at = label.IndexOf(':') + 1;
            if (!label.AsSpan(at).StartsWith(ClusterLabel, StringComparison.Ordinal)) continue;
            if (!label.StartsWith("k8s:", StringComparison.Ordinal) || label[(at + ClusterLabel.Length)..] != cluster) return false;
            found = true;
        }

        return found;
    }
}
