using System.Collections.Immutable;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Mesh.Sources.Readers.HttpRoutes;

internal static class HeaderEditsReader
{
    private const int Most = 16, LongestName = 256, LongestValue = 4096;

    public static HeaderEdits Read(Field field)
    {
        RouteFields.Warn(field, "set", "add", "remove");
        return new(Values(field["set"]), Values(field["add"]), [.. Limits.Items(field["remove"], Most).Select(name => FieldName.Writable(name, LongestName))]);
    }

    private static ImmutableArray<HeaderValue> Values(Field list)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var values = ImmutableArray.CreateBuilder<HeaderValue>();
        foreach (var field in Limits.Items(list, Most))
        {
            var name = FieldName.Writable(field["name"], LongestName);
            if (!names.Add(name)) field["name"].Error($"\"{name}\" is there twice");
            values.Add(new(name, Limits.HeaderText(field["value"], "a value", LongestValue)));
        }

        return values.ToImmutable();
    }
}
