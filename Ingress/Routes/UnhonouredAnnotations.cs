namespace ClusterMesh.Ingress.Routes;

/// <summary>Annotations under a known prefix that nothing here reads: each name once for the whole table.</summary>
internal static class UnhonouredAnnotations
{
    public static void Report(IReadOnlyList<ParsedIngress> ingresses, ProblemList problems)
    {
        var found = new Dictionary<string, (ParsedIngress First, int Count)>();
        foreach (var ingress in ingresses)
        {
            foreach (var name in ingress.Annotations.Unhonoured)
                found[name] = found.TryGetValue(name, out var seen) ? (seen.First, seen.Count + 1) : (ingress, 1);
        }
        foreach (var (name, (first, count)) in found)
        {
            var others = count switch { 1 => "", 2 => " (and on 1 other Ingress)", _ => $" (and on {count - 1} other Ingresses)" };
            problems.Add(first.Object, name, $"not honoured{others}", "it is ignored");
        }
    }
}
