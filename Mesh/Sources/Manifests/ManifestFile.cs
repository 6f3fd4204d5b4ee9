using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources.Readers;
using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Manifests;

/// <summary>
/// One manifest file: the version whose objects are in force and, when the newest one is not that, why. Immutable, so that a
/// reading that turns out to be of a half-written file can be thrown away.
/// </summary>
/// <param name="Path">Relative to the source's directory.</param>
/// <param name="Refusal">Why the newest content could not be taken at all; null when its documents tell.</param>
internal sealed record ManifestFile(string Path, ManifestVersion Good, ManifestVersion Latest, string? Refusal = null)
{
    public ManifestFile(string path) : this(path, ManifestVersion.Empty, ManifestVersion.Empty) { }

    /// <summary>Whether any version was ever good: an empty good version is something else than none.</summary>
    public bool EverGood { get; private init; }

    public ManifestFile With(ReadOnlyMemory<byte> content, int cores = 1)
    {
        ManifestVersion version;
        try
        {
            version = ManifestVersion.Read(content, Latest, Good, cores);
        }
        catch (YamlRefusedException e)
        {
            return WithRefusal(e.Message);
        }

        return version.IsGood
            ? this with { Good = version, Latest = version, Refusal = null, EverGood = true }
            : this with { Latest = version, Refusal = null };
    }

    /// <summary>
    /// The good version's objects. A file that never had one leaves nothing open all the same: its policies hold, and those with errors
    /// isolate, or a slip in one of them would unlock at the next start what they all keep shut.
    /// </summary>
    public IEnumerable<(ManifestDocument Document, ReadObject Read)> InForce =>
        EverGood ? Good.Documents.SelectMany(document => document.Parsed.Objects, (document, read) => (document, read)) : Policies;

    public bool HoldsByPoliciesOnly => !EverGood && Policies.Any();

    private IEnumerable<(ManifestDocument Document, ReadObject Read)> Policies =>
        from document in Latest.Documents
        from read in document.Parsed.Objects.Concat(document.Parsed.Closed)
        where read.Object is PolicyObject or CidrGroupObject
        select (document, read);

    public ManifestFile WithRefusal(string reason) => this with { Refusal = reason };

    /// <summary>The newest content's errors, then what is to be said about the objects in force.</summary>
    public ImmutableArray<Problem> Problems(string cluster) => ManifestProblems.Of(this, cluster);
}
