using static ClusterMesh.Ingress.Routes.AnnotationNames;

namespace ClusterMesh.Ingress.Routes;

/// <summary>The canary keys (peers.md 2.1). Null = an ordinary Ingress.</summary>
internal static class CanaryAnnotations
{
    public static CanaryRule? Read(AnnotationReader reader)
    {
        if (!IsCanary(reader))
        {
            ReportNotEnabled(reader);
            return null;
        }
        return CanaryWeights.Read(reader) with { Header = ReadHeader(reader), Cookie = ReadName(reader, CanaryByCookie, "a cookie's name") };
    }

    private static bool IsCanary(AnnotationReader reader)
    {
        if (reader.Find(Canary) is not { } annotation || annotation.Value == "false")
            return false;
        if (annotation.Value == "true")
            return true;
        reader.Report(annotation, $"{ProblemList.Quote(annotation.Value)} is not \"true\" or \"false\"", "it counts as an ordinary Ingress");
        return false;
    }

    private static void ReportNotEnabled(AnnotationReader reader)
    {
        foreach (var name in CanaryKeys)
        {
            // A weight of 0 asks for nothing: ingress-nginx takes it as not set.
            if (reader.Find(name) is { } annotation && annotation.Value is not ("" or "0"))
                reader.Report(annotation, "configured but not enabled: canary is not \"true\"", "it counts as an ordinary Ingress");
        }
    }

    private static CanaryHeader? ReadHeader(AnnotationReader reader)
    {
        var value = reader.Find(CanaryByHeaderValue);
        var pattern = reader.Find(CanaryByHeaderPattern);
        if (reader.Find(CanaryByHeader) is null)
        {
            ReportWithoutHeader(reader, value);
            ReportWithoutHeader(reader, pattern);
        }
        if (ReadName(reader, CanaryByHeader, "a header's name") is not { } name)
            return null;
        if (value is { Value.Length: > 0 })
            return new CanaryHeader(name, value.Value.Value);
        return pattern is { Value.Length: > 0 } ? ReadPattern(reader, name, pattern.Value) : new CanaryHeader(name);
    }

    private static CanaryHeader ReadPattern(AnnotationReader reader, string name, Annotation pattern)
    {
        if (HeaderPattern.TryCompile(pattern.Value, out var regex, out var why))
            return new CanaryHeader(name, Pattern: regex);
        reader.Report(pattern, $"{ProblemList.Quote(pattern.Value)} cannot be used: {why}", $"requests that have {name} go to the primary");
        return new CanaryHeader(name, Broken: true);
    }

    private static void ReportWithoutHeader(AnnotationReader reader, Annotation? annotation)
    {
        if (annotation is { } set)
            reader.Report(set, $"set without {CanaryByHeader}", "it is ignored");
    }

    private static string? ReadName(AnnotationReader reader, string key, string expected) =>
        reader.Read<string?>(key, TryName, null, expected, "it is ignored") is { Length: > 0 } name ? name : null;

    private static bool TryName(string text, out string? name)
    {
        name = text;
        return text.Length == 0 || AnnotationValues.TryToken(text, out _);
    }
}
