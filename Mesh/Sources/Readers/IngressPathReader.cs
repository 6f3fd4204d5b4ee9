using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers;

internal static class IngressPathReader
{
    private static readonly string[] Types = Enum.GetNames<IngressPathType>();

    // What the API server refuses in a path that is matched literally: it could never match, or means something else decoded.
    private static readonly string[] Within = ["//", "/./", "/../", "%2f", "%2F"];
    private static readonly string[] AtEnd = ["/..", "/."];

    public static IngressPath Read(Field field)
    {
        var typeField = field["pathType"];
        typeField.Present($"one of {string.Join(", ", Types)}");
        var type = Choice.Of(typeField, Types) is { } name ? Enum.Parse<IngressPathType>(name) : IngressPathType.ImplementationSpecific;
        var backend = field["backend"];
        backend.Present("a backend");
        return new IngressPath(Path(field["path"], type), type, IngressBackendReader.Read(backend));
    }

    private static string Path(Field field, IngressPathType type)
    {
        var path = field.Text() ?? "";
        if (path.Length == 0 && type is IngressPathType.ImplementationSpecific)
            return "/";
        if (!path.StartsWith('/'))
            field.Error(path.Length == 0 ? $"is missing, expected a path as the pathType is {type}" : $"\"{Shown.Text(path)}\" does not begin with /");
        else if (type is not IngressPathType.ImplementationSpecific && Refused(path) is { } part)
            field.Error($"\"{Shown.Text(path)}\" contains {part}, which is not allowed for the pathType {type}");
        return path;
    }

    private static string? Refused(string path) =>
        Array.Find(Within, part => path.Contains(part, StringComparison.Ordinal))
        ?? Array.Find(AtEnd, part => path.EndsWith(part, StringComparison.Ordinal));
}
