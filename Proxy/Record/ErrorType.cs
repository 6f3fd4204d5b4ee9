using System.Globalization;
using ClusterMesh.Mesh.Telemetry;

namespace ClusterMesh.Proxy.Record;

/// <summary>error.type of the semantic conventions: how the request failed, else the status where that is an error; null = it went well.</summary>
internal static class ErrorType
{
    public static string? OfRequest(EndReason end, int status) => Of(end, status, firstError: 500);

    /// <summary>For a client, 4xx is an error too.</summary>
    public static string? OfAttempt(EndReason end, int status) => Of(end, status, firstError: 400);

    private static string? Of(EndReason end, int status, int firstError) =>
        end.IsError() ? end.Text() : status >= firstError ? status.ToString(CultureInfo.InvariantCulture) : null;
}
