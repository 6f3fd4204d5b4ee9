using System.Runtime.CompilerServices;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Proxy.Authorize;
using ClusterMesh.Proxy.Edge;
using ClusterMesh.Proxy.Filters;
using ClusterMesh.Proxy.Forward;
using ClusterMesh.Proxy.Health;
using ClusterMesh.Proxy.Pick;
using ClusterMesh.Proxy.Record;
using ClusterMesh.Proxy.Retry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClusterMesh.Proxy;

/// <summary>Takes a backend, forwards, and on failure takes another while that is asked for, safe and within the budget.</summary>
internal sealed class Attempts(TargetChoice choice, IAuthorizer? authorizer, IUpstream upstream, Mirroring mirroring, HealthTable health, Recorder recorder, TimeProvider time)
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask RunAsync(Exchange exchange)
    {
        var context = exchange.Context;
        var policy = exchange.Route!.Model.Policy;
        var picked = choice.First(exchange);
        if (picked is null)
        {
            // HTTPRoute's broken references get 500, those who have nobody ready 503 (peers.md 2.3).
            exchange.End = exchange.Target is { Port: null } && exchange.Route.Model.Split.Strict ? EndReason.BrokenRoute : EndReason.NoBackend;
            await LocalReply.SendAsync(context, exchange.End, "no backend can take this request");
            return;
        }

        PrepareBody(exchange, policy);
        using var deadline = Deadline(policy.RequestTimeout);
        var stop = deadline?.Token ?? default;
        while (true)
        {
            if (!MayAsk(exchange, picked.Value))
            {
                await LocalReply.SendAsync(context, EndReason.PolicyDenied, "Access denied");
                return;
            }

            if (exchange.Attempts == 0 && exchange.Route.Mirrors.Length > 0) mirroring.Begin(exchange);
            var begun = Begin(exchange, picked.Value, policy);
            using var ofAttempt = Deadline(policy.AttemptTimeout);
            using var both = ofAttempt is null ? default : stop.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), ofAttempt);
            AttemptEnd end;
            try
            {
                end = await upstream.SendAsync(exchange, picked.Value.Backend, ofAttempt?.Token ?? stop);
            }
            finally
            {
                picked.Value.Backend.End();
            }

            Finish(exchange, end, begun);
            if (end.Reason == EndReason.Ok)
            {
                exchange.End = EndReason.Ok;
                return;
            }

            picked = context.Response.HasStarted || stop.IsCancellationRequested || context.RequestAborted.IsCancellationRequested ? null : Again(exchange, end);
            if (picked is null)
            {
                await FailAsync(exchange, end);
                return;
            }

            context.Response.Clear();
            exchange.Body?.Rewind();
        }
    }

    // A retry goes to somebody else, about whom the policies may say something else.
    private bool MayAsk(Exchange exchange, Picked picked)
    {
        if (authorizer is null || exchange.Caller is not { } caller) return true;
        var asked = new ExchangeFacts(exchange);
        var verdict = authorizer.Judge(asked, SentFacts.Of(asked, exchange.Route!.Model, exchange.Target!.Model.RequestHeaders, exchange.Path, exchange.Query), caller, picked.Backend);
        (exchange.PolicyRule, exchange.HeaderEdits) = (verdict.Rule, verdict.Edits);
        if (!verdict.Allowed) (exchange.Backend, exchange.Reason, exchange.End) = (picked.Backend, picked.Reason, EndReason.PolicyDenied);
        return verdict.Allowed;
    }

    private long Begin(Exchange exchange, Picked picked, RoutePolicy policy)
    {
        (exchange.Backend, exchange.Reason) = (picked.Backend, picked.Reason);
        exchange.Attempts++;
        if (policy.AttemptTimeout is not null) exchange.AttemptStarted = time.GetTimestamp();
        exchange.MayRetry = MayRetry(exchange, policy.Retry);
        exchange.MayWithhold = exchange.MayRetry && !policy.Retry.Statuses.IsEmpty && choice.HasAnother(exchange);
        BindSession(exchange, policy.Session);
        picked.Backend.Begin();
        return recorder.BeginAttempt(exchange);
    }

    private void Finish(Exchange exchange, in AttemptEnd end, long begun)
    {
        var now = time.GetTimestamp();
        health.Note(exchange.Backend!, end.Reason, end.Status, now, exchange.Target!.Port!.Now.Backends, exchange.Caller?.Identity ?? 0);
        recorder.EndAttempt(exchange, end, begun, now);
    }

    private Picked? Again(Exchange exchange, in AttemptEnd end)
    {
        if (!exchange.MayRetry || !RetryRule.Allows(exchange, end)) return null;
        var (target, split) = (exchange.TargetIndex, exchange.Split);
        (exchange.Tried ??= []).Add(exchange.Backend!);
        var next = choice.Another(exchange, lastAttempt: exchange.Attempts + 1 >= exchange.Route!.Model.Policy.Retry.Tries);
        var granted = exchange.RetryGranted;
        exchange.RetryGranted = false;
        // The budget pays for attempts that are made, not for a look around.
        if (next is null || granted || exchange.Route.State.Budget.TryTake(time.GetTimestamp())) return next;
        (exchange.TargetIndex, exchange.Split) = (target, split);
        exchange.RetriesSpent = true;
        return null;
    }

    private static bool MayRetry(Exchange exchange, RetryPolicy policy)
    {
        if (exchange.Attempts < policy.Tries) return true;
        exchange.RetriesSpent = policy.Tries > 1;
        return false;
    }

    private static async ValueTask FailAsync(Exchange exchange, AttemptEnd end)
    {
        exchange.End = end.Reason == EndReason.RetriedStatus ? EndReason.BadResponse : end.Reason;
        if (end.Reason == EndReason.ClientGone) return;
        if (!exchange.Context.Response.HasStarted) await LocalReply.SendAsync(exchange.Context, exchange.End, $"{exchange.End.Text()} after {exchange.Attempts} attempts");
    }

    private static void PrepareBody(Exchange exchange, RoutePolicy policy)
    {
        var context = exchange.Context;
        exchange.HasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true && context.Request.ContentLength != 0;
        if (!exchange.HasBody || (policy.Retry.Tries < 2 && exchange.Route!.Mirrors.Length == 0)) return;
        exchange.Body = new ReplayableBody(context.Request.Body);
        context.Request.Body = exchange.Body;
    }

    // The client going away is watched by the upstream itself.
    private CancellationTokenSource? Deadline(TimeSpan? timeout) => timeout is { } limit ? new(limit, time) : null;

    private void BindSession(Exchange exchange, SessionCookie? session)
    {
        if (session is null || (exchange.Bound is not null && !(exchange.Attempts > 1 && session.ChangeOnFailure))) return;
        exchange.SessionCookie = SessionBinding.Cookie(session, exchange.Backend!, exchange.Context.Request.IsHttps, time.GetUtcNow());
    }
}
