using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Rendering;

/// <summary>One line per route.</summary>
internal static class RouteListView
{
    public static void Print(Screen screen, IReadOnlyList<RouteStatus> routes)
    {
        if (routes.Count == 0)
        {
            screen.Line("no routes");
            return;
        }

        var table = new TextTable("HOST", "PATH", "TYPE", "SPLIT", "STEERING", "OWNER", "POLICY");
        foreach (var route in routes)
            table.Add(
                route.Host, string.Join(' ', route.Conditions.Prepend(route.Path)), route.PathType, Split(route), string.Join("; ", route.Steering), route.Owner, string.Join("; ", route.Filters.Prepend(route.Policy)));
        screen.Table(table);
    }

    private static Cell Split(RouteStatus route)
    {
        var split = string.Join(", ", route.Targets.Select(TargetText.Of));
        return new(
            route.StickyBy is null ? split : $"{split} (sticky by {route.StickyBy})",
            route.Targets.Count > 0 && route.Targets.All(target => !target.Healthy) ? Tone.Bad : Tone.Plain);
    }
}
