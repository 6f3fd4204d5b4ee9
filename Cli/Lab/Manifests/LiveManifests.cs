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

    /// <summary>From now on these are all that there are. Each comes and goes at once, as a whole.</summary>
    public void Replace(IEnumerable<JsonObject> objects)
    {
        lock (_lock)
        {
            var gone = _written.Keys.ToHashSet();
            foreach (var theObject in objects)
            {
                var id = ObjectId.Of(theObject);
                gone.Remove(id);
                Write(id, theObject.ToJsonString(s_format) + "\n");
            }

            foreach (var id in gone)
            {
                _written.Remove(id);
                File.Delete(PathOf(id));
            }
        }
    }

    private void Write(ObjectId id, string text)
    {
        if (_written.TryGetValue(id, out var before) && before == text) return;
        // A dot file: nobody reads it before it has its name.
        var aside = Path.Combine(Directory, ".new");
        File.WriteAllText(aside, text);
        File.Move(aside, PathOf(id), overwrite: true);
        _written[id] = text;
    }

    private string PathOf(ObjectId id) => Path.Combine(Directory, $"{id.Kind.ToLowerInvariant()}.{id.Key.Namespace}.{id.Key.Name}.json");
}
