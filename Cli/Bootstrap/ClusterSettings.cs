using System.Collections.Immutable;
using System.Globalization;
using ClusterMesh.Mesh.Pki;

namespace ClusterMesh.Cli.Bootstrap;

/// <summary>cluster.yaml of a home: who the cluster is, and where its etcd is.</summary>
/// <param name="Endpoints">Where its own agents reach it.</param>
internal sealed record ClusterSettings(string Name, int Id, ImmutableArray<Uri> Endpoints)
{
    /// <summary>Where other clusters reach it; empty = at the same endpoints.</summary>
    public ImmutableArray<Uri> Advertised { get; init; } = [];

    public ImmutableArray<Uri> ForOthers => Advertised.IsEmpty ? Endpoints : Advertised;

    /// <summary>Null when the home has none yet.</summary>
    /// <exception cref="BootstrapException">What is written there cannot be a cluster.</exception>
    public static ClusterSettings? ReadIfThere(ClusterHome home) => File.Exists(home.ClusterFile) ? Read(home) : null;

    /// <exception cref="BootstrapException">It is not there, or cannot be a cluster.</exception>
    public static ClusterSettings Read(ClusterHome home)
    {
        if (!File.Exists(home.ClusterFile))
            throw new BootstrapException($"no {home.ClusterFile}: `clustermesh etcd init {home.Directory}` makes it");
        var map = FlatYaml.Read(home.ClusterFile);
        var (name, id) = (One("name"), One("id"));
        if (ClusterIdentity.NameError(name) is { } nameError) throw Wrong("name", nameError);
        if (!int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) throw Wrong("id", $"'{id}' is not a number");
        if (ClusterIdentity.IdError(number) is { } idError) throw Wrong("id", idError);
        return new(name, number, Uris("endpoints", needed: true)) { Advertised = Uris("advertised-endpoints", needed: false) };

        string One(string key) => map.GetValueOrDefault(key) is [var word] ? word : throw Wrong(key, "one value is expected");

        ImmutableArray<Uri> Uris(string key, bool needed)
        {
            var words = map.GetValueOrDefault(key) ?? [];
            if (needed && words.Count == 0) throw Wrong(key, "at least one is needed");
            return [.. words.Select(word => EtcdEndpoint.TryParse(word, out var uri) ? uri : throw Wrong(key, $"'{word}' is not https://HOST:PORT"))];
        }

        BootstrapException Wrong(string key, string why) => new($"{home.ClusterFile}: {key}: {why}");
    }

    public void Write(ClusterHome home) => HomeFiles.Write(() => PemFiles.Replace(
        home.ClusterFile,
        string.Create(CultureInfo.InvariantCulture, $"name: {Name}\nid: {Id}\n") + List("endpoints", Endpoints) + List("advertised-endpoints", Advertised),
        ClusterHome.Readable));

    /// <summary>A key with its endpoints as YAML; nothing for none.</summary>
    public static string List(string key, ImmutableArray<Uri> endpoints) =>
        endpoints.IsEmpty ? "" : $"{key}:\n{string.Concat(endpoints.Select(endpoint => $"- {EtcdEndpoint.Text(endpoint)}\n"))}";
}
