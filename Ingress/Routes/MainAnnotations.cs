namespace ClusterMesh.Ingress.Routes;

/// <summary>
/// What a canary says but its main Ingress decides. Rollout tools copy the main Ingress' annotations to the canary, so
/// only what differs is worth a word.
/// </summary>
internal static class MainAnnotations
{
    public static void ReportOverruled(ParsedIngress canary, ParsedIngress main, ProblemList problems)
    {
        foreach (var name in AnnotationNames.MainOnly)
        {
            if (canary.Annotations.Find(name) is { } annotation && main.Annotations.Find(name)?.Value != annotation.Value)
                Report(canary, annotation, main, problems);
        }
        if (canary.Policy.Base.Session is { } session && session != main.Policy.Base.Session)
            Report(canary, canary.Annotations.Find(AnnotationNames.Affinity)!.Value, main, problems);
    }

    private static void Report(ParsedIngress canary, Annotation annotation, ParsedIngress main, ProblemList problems) =>
        problems.Add(canary.Object, annotation.FullName, $"on a canary it comes from the main Ingress, {main.Key}", "it is ignored");
}
