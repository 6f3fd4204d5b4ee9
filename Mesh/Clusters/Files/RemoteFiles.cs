using System.Collections.Immutable;
using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Mesh.Clusters.Files;

/// <summary>What the directory says at one moment: a client config per remote, and what is wrong with the rest.</summary>
internal sealed record RemoteFiles(ImmutableSortedDictionary<string, EtcdConfig> Remotes, ImmutableArray<Problem> Problems)
{
    public static RemoteFiles Empty { get; } = new(ImmutableSortedDictionary.Create<string, EtcdConfig>(StringComparer.Ordinal), []);

    /// <param name="files">By file name.</param>
    /// <param name="rootFailure">Why the directory cannot be read; what was read before stays.</param>
    public static RemoteFiles Of(string own, string directory, IEnumerable<KeyValuePair<string, RemoteFile>> files, string? rootFailure)
    {
        var remotes = Empty.Remotes.ToBuilder();
        var problems = ImmutableArray.CreateBuilder<Problem>();
        if (rootFailure is not null) Report($"directory {directory}", rootFailure, "the remotes that are known stay");
        foreach (var (name, file) in files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            var cluster = RemoteFileNames.ClusterOf(name)!;
            var subject = $"file {Path.Combine(directory, name)}";
            if (ClusterName.Refusal(cluster) is { } reason) Report(subject, reason, "no such remote is connected");
            else if (cluster == own) Report(subject, $"{cluster} is our own name", "it is not connected as a remote");
            else if (remotes.ContainsKey(cluster)) Report(subject, $"another file is there for {cluster}", "the other one is used");
            else
            {
                if (file.Failure is { } failure) Report(subject, failure, file.Config is null ? $"{cluster} is not connected" : "the last good version stays in force");
                if (file.Config is { } config) remotes[cluster] = config;
            }
        }

        return new(remotes.ToImmutable(), problems.ToImmutable());

        void Report(string subject, string reason, string instead) => problems.Add(new(own, subject, "", reason, instead));
    }

    /// <summary>Whether the config is the same, field by field.</summary>
    public static bool Same(EtcdConfig a, EtcdConfig b) => a.Endpoints.SequenceEqual(b.Endpoints) && a with { Endpoints = b.Endpoints } == b;

    public bool SameAs(RemoteFiles other) =>
        Problems.SequenceEqual(other.Problems) && Remotes.Count == other.Remotes.Count
        && Remotes.All(remote => other.Remotes.TryGetValue(remote.Key, out var config) && Same(remote.Value, config));
}
