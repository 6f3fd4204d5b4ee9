using System.Net;
using System.Text.Json;

namespace ClusterMesh.Agent.Network;

/// <summary>A route of ours: for the node's own traffic, and for what is routed directly.</summary>
/// <param name="Device">Null = unreachable: what nothing longer takes ends here, and does not leave by the default route.</param>
/// <param name="Source">What the node itself sends from.</param>
/// <param name="Mtu">0 = the device's.</param>
internal sealed record RouteModel(IPNetwork To, string? Device, IPAddress? Via, IPAddress? Source, int Mtu)
{
    /// <summary>Routes with this number are ours, and no others.</summary>
    public const int Protocol = 201;

    /// <summary>In ip's words, without a verb.</summary>
    public string Words => string.Join(' ', new[]
    {
        Device is null ? "unreachable" : null, To.ToString(), Via is null ? null : $"via {Via}", Device is null ? null : $"dev {Device}",
        $"proto {Protocol}", Source is null ? null : $"src {Source}", Mtu == 0 ? null : $"mtu {Mtu}",
    }.OfType<string>());

    /// <summary>As ip shows it; null for what is not of our shape.</summary>
    public static RouteModel? Read(JsonElement route)
    {
        var text = route.Text("dst") ?? "";
        if (!text.Contains('/')) text += "/32";
        if (!IPNetwork.TryParse(text, out var to)) return null;
        var mtu = route.TryGetProperty("metrics", out var metrics) ? metrics.EnumerateArray().Select(metric => metric.Number("mtu")).FirstOrDefault() : 0;
        return route.Text("type") == "unreachable"
            ? new(to, null, null, null, 0)
            : new(to, route.Text("dev"), Address(route.Text("gateway")), Address(route.Text("prefsrc")), mtu);
    }

    private static IPAddress? Address(string? text) => IPAddress.TryParse(text, out var address) ? address : null;
}
