namespace ClusterMesh.Mesh.Telemetry;

/// <summary>How a request, or one attempt of it, ended: the one vocabulary of status, access log, metric label and span.</summary>
public enum EndReason
{
    /// <summary>A response of the backend was passed on whole, whatever its status.</summary>
    Ok,

    /// <summary>Answered with a redirect: to https, or where an HTTPRoute's RequestRedirect says.</summary>
    Redirect,

    /// <summary>Refused before routing: the message or its headers break a rule of RFC 9110 or 9112.</summary>
    BadRequest,

    /// <summary>The body is above the route's limit.</summary>
    BodyTooLarge,

    /// <summary>No rule for this host and path, and no default backend.</summary>
    NoRoute,

    /// <summary>The route's services have no backend at all, or do not exist.</summary>
    NoBackend,

    /// <summary>No connection to the backend: refused, unreachable, connect timeout.</summary>
    ConnectFailed,

    /// <summary>The backend closed or reset the connection before its response was whole.</summary>
    Reset,

    /// <summary>The backend made no progress for the read timeout, or the request took longer than its timeout.</summary>
    Timeout,

    /// <summary>The backend's response, or its TLS handshake, breaks the protocol.</summary>
    BadResponse,

    /// <summary>A listed status was answered and the request is tried elsewhere.</summary>
    RetriedStatus,

    /// <summary>The client went away.</summary>
    ClientGone,

    /// <summary>A defect of the proxy itself; its log has the exception.</summary>
    InternalError,

    /// <summary>Why a backend is ejected that answers 5xx; a request that is answered so ends as ok all the same.</summary>
    ServerError,

    /// <summary>Refused by a policy with HTTP rules: the caller may not ask for this.</summary>
    PolicyDenied,

    /// <summary>The HTTPRoute cannot be followed as it is written: a filter that is not known, a reference that leads nowhere.</summary>
    BrokenRoute,
}

public static class EndReasons
{
    private static readonly string[] s_text =
    [
        "ok", "redirect", "bad_request", "body_too_large", "no_route", "no_backend", "connect_failed", "reset", "timeout",
        "bad_response", "retried_status", "client_gone", "internal_error", "server_error", "policy_denied", "broken_route",
    ];

    /// <summary>Envoy's response flags (peers.md section 4), for those who know them.</summary>
    private static readonly string[] s_flag = ["-", "-", "DPE", "DPE", "NR", "UH", "UF", "UC", "UT", "UPE", "-", "DC", "-", "-", "UAEX", "NC"];

    public static string Text(this EndReason reason) => s_text[(int)reason];

    public static string Flag(this EndReason reason) => s_flag[(int)reason];

    /// <summary>The request was not answered as it asked for: what metric and span call its error.type.</summary>
    public static bool IsError(this EndReason reason) => reason is not (EndReason.Ok or EndReason.Redirect);

    /// <summary>A backend should have answered and none did, or none whole.</summary>
    public static bool IsFailure(this EndReason reason) => reason is EndReason.NoBackend or EndReason.ConnectFailed or EndReason.Reset
        or EndReason.Timeout or EndReason.BadResponse or EndReason.RetriedStatus or EndReason.InternalError or EndReason.BrokenRoute;
}
