using System.Globalization;
using System.Text;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Health;
using ClusterMesh.Proxy.Routing;

namespace ClusterMesh.Proxy.Pick;

/// <summary>
/// affinity: cookie. The cookie holds the backend's hash, which every gateway computes alike and which tells a client nothing;
/// a value that fits no backend is as good as none.
/// </summary>
internal static class SessionBinding
{
    /// <summary>The target and backend that the request's cookie names; null when there is none that may take it.</summary>
    public static Bound? Find(Route route, in RequestFacts request)
    {
        if (route.Model.Policy.Session is not { } session || request.Cookie(session.Name) is not { } value) return null;
        if (!ulong.TryParse(value, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var hash)) return null;
        for (var target = 0; target < route.Targets.Length; target++)
        {
            if (route.Targets[target].Port?.Now is not { } chosen) continue;
            foreach (var pool in chosen.Selection.Pools)
            {
                foreach (var member in pool.Members)
                {
                    if (chosen.Backends[member].Hash == hash) return new(target, new(chosen.Backends[member], pool.Reason));
                }
            }
        }

        return null;
    }

    /// <summary>Set-Cookie for a client that is now served by the backend.</summary>
    public static string Cookie(SessionCookie session, BackendHealth backend, bool https, DateTimeOffset now)
    {
        var text = new StringBuilder($"{session.Name}={backend.Hash:x16}; Path={session.Path}; HttpOnly");
        if (session.Domain is { } domain) text.Append("; Domain=").Append(domain);
        if (session.Expires is { } expires) text.Append("; Expires=").Append((now + expires).ToString("R", CultureInfo.InvariantCulture));
        if (session.MaxAge is { } age) text.Append("; Max-Age=").Append((long)age.TotalSeconds);
        if (session.SameSite is { } sameSite) text.Append("; SameSite=").Append(sameSite);
        if (session.Secure ?? https) text.Append("; Secure");
        return text.ToString();
    }
}

internal readonly record struct Bound(int Target, Picked Picked);
