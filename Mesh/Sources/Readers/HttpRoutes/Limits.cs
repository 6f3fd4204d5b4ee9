using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers.HttpRoutes;

/// <summary>The bounds that the API server sets to lists and texts.</summary>
internal static class Limits
{
    public static IReadOnlyList<Field> Items(Field list, int most)
    {
        var items = list.Items();
        if (items.Count <= most) return items;
        list.Error($"has {items.Count} items, expected at most {most}");
        return [];
    }

    /// <summary>Text that must be there, is not too long and has no control characters: it ends up in a message's head.</summary>
    public static string Text(Field field, string what, int most)
    {
        var text = field.Required(what);
        if (text.Length > most) field.Error($"has {text.Length} characters, expected at most {most}");
        else if (text.Any(c => c is < ' ' or '\x7f' or > '\xff')) field.Error($"\"{Shown.Text(text)}\" has a character that no header field may have");
        return text;
    }
}
