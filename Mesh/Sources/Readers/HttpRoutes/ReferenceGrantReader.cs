using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Sources.Readers.HttpRoutes;

internal static class ReferenceGrantReader
{
    private const int Most = 16;

    public static ReferenceGrantObject Read(Field root)
    {
        var meta = MetaReader.Read(root, NameRule.Subdomain);
        var (from, to) = (root["spec"]["from"], root["spec"]["to"]);
        if (from.Present("a list with at least one entry") && from.Items() is []) from.Error("is empty, expected at least one entry");
        if (to.Present("a list with at least one entry") && to.Items() is []) to.Error("is empty, expected at least one entry");
        return new(meta, [.. Limits.Items(from, Most).Select(From)], [.. Limits.Items(to, Most).Select(To)]);
    }

    private static GrantedFrom From(Field field) =>
        new(Group(field), field["kind"].Required("a kind such as HTTPRoute"), Dns.RequiredLabel(field["namespace"], "a namespace"));

    private static GrantedTo To(Field field) =>
        new(Group(field), field["kind"].Required("a kind such as Service"), field["name"].Text() is { Length: > 0 } name ? name : null);

    // "" is the core group, but it has to be said.
    private static string Group(Field field)
    {
        field["group"].Present("a group, \"\" for the core one");
        return field["group"].Text() ?? "";
    }
}
