using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterMesh.Cli.Lab.Manifests;

/// <summary>The directory that a cluster's agents read: one file of JSON, which is YAML as well, for each object. What is unchanged is not written.</summary>
internal sealed class LiveManifests(string directory)
{
    private static readonly JsonSerializerOptions s_format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectId, string> _written = [];

    public string Directory { get; } = System.IO.Directory.CreateDirectory(directory).FullName;

    public void Write(JsonObject theObject)
    {
        var (id, text) = (ObjectId.Of(theObject), theObject.ToJsonString(s_format) + "\n");
        lock (_lock)
        {
            if (_written.TryGetValue(id, out var before) && before == text) return;
            // A dot file: nobody reads it before it has its name.
            var (path, aside) = (PathOf(id), Path.Combine(Directory, ".new"));
            File.WriteAllText(aside, text);
            File.Move(aside, path, overwrite: true);
            _written[id] = text;
        }
    }

    public void Delete(ObjectId id)
    {
        lock (_lock)
        {
            if (_written.Remove(id)) File.Delete(PathOf(id));
        }
    }

    /// <summary>Writes these and deletes what else there is of the kind.</summary>
    public void Replace(string kind, IReadOnlyCollection<JsonObject> objects)
    {
        lock (_lock)
        {
            foreach (var theObject in objects) Write(theObject);
            var kept = objects.Select(ObjectId.Of).ToHashSet();
            foreach (var id in _written.Keys.Where(id => id.Kind == kind && !kept.Contains(id)).ToList()) Delete(id);
        }
    }

    private string PathOf(ObjectId id) => Path.Combine(Directory, $"{id.Kind.ToLowerInvariant()}.{id.Key.Namespace}.{id.Key.Name}.json");
}
