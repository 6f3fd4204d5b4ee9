namespace ClusterMesh.Mesh.Sources.Yaml;

/// <summary>YAML's merge key: <c>&lt;&lt;: *defaults</c> adds the keys that the map itself does not have.</summary>
internal static class MergeKey
{
    public const string Name = "<<";

    public static void Merge(Node source, MapNode into)
    {
        switch (source)
        {
            case MapNode map:
                foreach (var entry in map.Entries)
                    into.TryAdd(entry.Key, entry.Line, entry.Value);
                break;
            case ListNode list when list.Items.All(item => item is MapNode):
                foreach (var item in list.Items)
                    Merge(item, into);
                break;
            default:
                throw new YamlRefusedException(source.Line, "<< merges only a map or a list of maps");
        }
    }
}
