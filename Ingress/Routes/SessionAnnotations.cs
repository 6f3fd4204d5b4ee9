using ClusterMesh.Mesh.Routes;
using static ClusterMesh.Ingress.Routes.AnnotationNames;

namespace ClusterMesh.Ingress.Routes;

/// <summary>affinity: cookie with the session-cookie keys.</summary>
internal static class SessionAnnotations
{
    public static SessionCookie? Read(AnnotationReader reader)
    {
        if (!reader.Read(Affinity, TryAffinity, false, "cookie, the only kind there is", "requests are not bound to backends"))
        {
            ReportWithoutAffinity(reader);
            return null;
        }

        // A bound client stays while its backend lives, which is what both modes promise for that time.
        reader.Read(AffinityMode, TryMode, true, "balanced or persistent", "balanced is used");
        var usual = new SessionCookie();
        return new SessionCookie
        {
            Name = reader.Read(SessionCookieName, AnnotationValues.TryToken, usual.Name, "a cookie's name", $"{usual.Name} is used"),
            Path = reader.Read<string?>(SessionCookiePath, TryAttribute, usual.Path, "a cookie's path", "/ is used")!,
            Domain = reader.Read<string?>(SessionCookieDomain, TryAttribute, null, "a cookie's domain", "none is sent"),
            SameSite = reader.Read<string?>(SessionCookieSameSite, TrySameSite, null, "None, Lax or Strict", "none is sent"),
            Secure = reader.Read<bool?>(SessionCookieSecure, TrySecure, null, "true or false", "secure where the request was"),
            MaxAge = reader.Read<TimeSpan?>(SessionCookieMaxAge, AnnotationTimes.TryBound, null, "a number of seconds", "none is sent"),
            Expires = reader.Read<TimeSpan?>(SessionCookieExpires, AnnotationTimes.TryBound, null, "a number of seconds", "none is sent"),
            ChangeOnFailure = reader.ReadBool(SessionCookieChangeOnFailure, usual.ChangeOnFailure),
            BindsCanary = reader.Read(AffinityCanaryBehavior, TryBindsCanary, usual.BindsCanary, "sticky or legacy", "sticky is used"),
        };
    }

    private static void ReportWithoutAffinity(AnnotationReader reader)
    {
        foreach (var name in SessionCookieKeys)
        {
            if (reader.Find(name) is { } annotation)
                reader.Report(annotation, "set without affinity: cookie", "it is ignored");
        }
    }

    /// <summary>A part of a Set-Cookie line that does not end the part.</summary>
    private static bool TryAttribute(string text, out string? value)
    {
        value = text;
        return text.Length > 0 && text.All(c => c is > ' ' and < (char)127 and not (';' or ','));
    }

    private static bool TryAffinity(string text, out bool cookie) => cookie = text == "cookie";

    private static bool TryMode(string text, out bool known) => known = text is "balanced" or "persistent";

    private static bool TryBindsCanary(string text, out bool sticky)
    {
        sticky = text == "sticky";
        return sticky || text == "legacy";
    }

    private static bool TrySecure(string text, out bool? secure)
    {
        var known = AnnotationValues.TryBool(text, out var value);
        secure = value;
        return known;
    }

    private static bool TrySameSite(string text, out string? sameSite)
    {
        sameSite = text.ToLowerInvariant() switch { "none" => "None", "lax" => "Lax", "strict" => "Strict", _ => null };
        return sameSite is not null;
    }
}
