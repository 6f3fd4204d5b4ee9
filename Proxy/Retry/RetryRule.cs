using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Proxy.Forward;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Retry;

/// <summary>Whether an attempt that failed may be made again: does the route ask for it, and is it safe?</summary>
internal static class RetryRule
{
    public static bool Allows(Exchange exchange, in AttemptEnd end)
    {
        var policy = exchange.Route!.Model.Policy.Retry;
        return Asked(policy, end.Reason) && Safe(policy, end.Sent, exchange) && (end.Reason == EndReason.RetriedStatus || InTime(policy, exchange));
    }

    /// <summary>Whether a response is held back to be tried elsewhere; takes the retry out of the budget, as there is no way back.</summary>
    public static bool Withholds(Exchange exchange, int status)
    {
        var policy = exchange.Route!.Model.Policy.Retry;
        if (!policy.Statuses.Contains(status) || !Safe(policy, sent: true, exchange) || !InTime(policy, exchange)) return false;
        return exchange.RetryGranted = exchange.Route.State.Budget.TryTake(exchange.Route.State.Time.GetTimestamp());
    }

    private static bool Asked(RetryPolicy policy, EndReason reason) => reason switch
    {
        EndReason.ConnectFailed or EndReason.Reset or EndReason.BadResponse => policy.OnError,
        EndReason.Timeout => policy.OnTimeout,
        EndReason.RetriedStatus => true,
        _ => false,
    };

    // Not sent, or in part only, it can be sent again; sent whole only if twice does what once does (RFC 9110 9.2.2).
    private static bool Safe(RetryPolicy policy, bool sent, Exchange exchange)
    {
        if (exchange.HasBody && exchange.Body is not { CanReplay: true }) return false;
        return !sent || policy.NonIdempotent || IsIdempotent(exchange.Context.Request.Method);
    }

    private static bool InTime(RetryPolicy policy, Exchange exchange) =>
        policy.Timeout is not { } limit || exchange.Route!.State.Time.GetElapsedTime(exchange.Started) < limit;

    public static bool IsIdempotent(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsPut(method)
        || HttpMethods.IsDelete(method) || HttpMethods.IsTrace(method);
}
