using System.Net;
using System.Net.Sockets;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Endpoints;

/// <summary>Whether a request may be believed: what it says becomes words of a command line and paths.</summary>
internal static class EndpointCheck
{
    private const int LongestName = 253, LongestInterface = 15;

    /// <exception cref="EndpointException">400, naming the field.</exception>
    public static void Check(EndpointRequest request)
    {
        Require(IsName(request.Namespace), "namespace", request.Namespace, "a name of Kubernetes");
        Require(IsName(request.Pod), "pod", request.Pod, "a name of Kubernetes");
        Require(request.Address is null || Address(request.Address) is not null, "address", request.Address, "an IPv4 address");
        Require(request.Interface is null || IsInterface(request.Interface), "interface", request.Interface, "a name of an interface");
        Require(
            request.Netns is ['/', ..] and not { Length: > 4096 } && !request.Netns.Any(c => char.IsWhiteSpace(c) || c is '"' or '\'' or '\\') && File.Exists(request.Netns),
            "netns", request.Netns, "the path of a network namespace");
    }

    public static IPAddress? Address(string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == text ? address : null;

    /// <exception cref="EndpointException">Asked for what this pod must not have.</exception>
    public static void Check(PodObject? pod, ObjectKey key)
    {
        if (pod?.HostNetwork == true) throw new EndpointException(409, $"pod {key} has hostNetwork: it is on the node's own network, and needs no endpoint");
    }

    private static void Require(bool good, string field, string? value, string what)
    {
        if (!good) throw new EndpointException(400, $"{field}: \"{value}\" is not {what}");
    }

    private static bool IsName(string? name) =>
        name is { Length: > 0 and <= LongestName } && name.All(c => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '-' or '.') && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1]);

    private static bool IsInterface(string name) => name.Length is > 0 and <= LongestInterface && name is not ("lo" or "." or "..") && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
