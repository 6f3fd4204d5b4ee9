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

    /// <summary>Text that must be there, is not too long and has no control characters.</summary>
    public static string Text(Field field, string what, int most) => Text(field, what, most, '\uffff', "a control character");

    /// <summary>The same of what ends up in a message's head, or is compared with what stands there.</summary>
    public static string HeaderText(Field field, string what, int most) => Text(field, what, most, '\xff', "a character that no header field may have");

    private static string Text(Field field, string what, int most, char last, string beyond)
    {
        var text = field.Required(what);
        if (text.Length > most) field.Error($"has {text.Length} characters, expected at most {most}");
        else if (text.Any(c => c is < ' ' or '\x7f' || c > last)) field.Error($"\"{Shown.Text(text)}\" has {beyond}");
        return text;
    }
}
