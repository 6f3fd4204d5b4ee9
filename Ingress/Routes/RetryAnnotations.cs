using System.Collections.Immutable;
using ClusterMesh.Mesh.Routes;
using static ClusterMesh.Ingress.Routes.AnnotationNames;

namespace ClusterMesh.Ingress.Routes;

/// <summary>proxy-next-upstream and its companions: when another backend is tried.</summary>
internal static class RetryAnnotations
{
    /// <summary>What "no limit" comes to, so that one request cannot knock on every door of a large service.</summary>
    private const int MostTries = 10;

    public static RetryPolicy Read(AnnotationReader reader)
    {
        var policy = ReadConditions(reader);
        var tries = reader.Read(
            ProxyNextUpstreamTries, AnnotationValues.TryCount, RetryPolicy.Default.Tries, "a number of tries",
            $"{RetryPolicy.Default.Tries} tries are used");
        return policy with
        {
            Tries = policy.Tries == 1 ? 1 : tries == 0 ? MostTries : tries,
            Timeout = reader.Read<TimeSpan?>(ProxyNextUpstreamTimeout, AnnotationTimes.TryBound, null, "a number of seconds", "no bound is used"),
        };
    }

    private static RetryPolicy ReadConditions(AnnotationReader reader)
    {
        if (reader.Find(ProxyNextUpstream) is not { } annotation)
            return RetryPolicy.Default;
        var words = annotation.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var unknown = words.Where(word => !IsKnown(word)).ToList();
        if (unknown.Count > 0)
        {
            reader.Report(
                annotation, $"{ProblemList.Quote(string.Join(' ', unknown))} is no condition for the next upstream",
                unknown.Count == words.Length ? "error timeout is used" : "the other conditions are used");
        }
        return unknown.Count == words.Length ? RetryPolicy.Default : FromWords(words);
    }

    private static RetryPolicy FromWords(string[] words) => words.Contains("off")
        ? new RetryPolicy(1, OnError: false, OnTimeout: false, [])
        : RetryPolicy.Default with
        {
            OnError = words.Contains("error"),
            OnTimeout = words.Contains("timeout"),
            NonIdempotent = words.Contains("non_idempotent"),
            Statuses = [.. words.Select(StatusOf).OfType<int>().Distinct()],
        };

    // A backend whose header cannot be read is an error like any other here: invalid_header needs no case of its own.
    private static bool IsKnown(string word) =>
        word is "error" or "timeout" or "invalid_header" or "non_idempotent" or "off" || StatusOf(word) is not null;

    private static int? StatusOf(string word) => word switch
    {
        "http_500" => 500, "http_502" => 502, "http_503" => 503, "http_504" => 504,
        "http_403" => 403, "http_404" => 404, "http_429" => 429, _ => null,
    };
}
