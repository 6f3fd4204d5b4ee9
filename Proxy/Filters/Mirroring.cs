using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Policy.Http;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Authorize;
using ClusterMesh.Proxy.Forward;
using ClusterMesh.Proxy.Health;
using ClusterMesh.Proxy.Pick;
using ClusterMesh.Proxy.Routing;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Filters;

/// <summary>
/// RequestMirror: copies of requests, to one backend each, whose answers nobody sees. A copy is bounded in number, size and time and
/// never holds up the request that it is of: one without a body goes at once, one with a body when that has passed through whole.
/// </summary>
internal sealed class Mirroring(InvokerPool invokers, BackendPicker picker, IAuthorizer? authorizer, IChance chance, TimeProvider time)
{
    /// <summary>Copies under way at once; what is beyond is dropped.</summary>
    public const int Most = 256;

    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(10);

    private int _underWay;
    private long _sent;
    private long _failed;
    private long _dropped;

    /// <summary>Copies that were answered, whatever the status.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Copies that were not answered in time, or that nobody could take.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Copies that were not made: too many under way, or a body of more than <see cref="Retry.ReplayableBody.Limit"/> bytes.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Called once it is known that the request may be sent, before its first attempt.</summary>
    public void Begin(Exchange exchange)
    {
        var request = exchange.Context.Request;
        if (request.Headers.Upgrade.Count > 0 || HttpMethods.IsConnect(request.Method)) return;
        foreach (var mirror in exchange.Route!.Mirrors)
        {
            if ((long)(chance.Next() % (ulong)mirror.Model.Denominator) >= mirror.Model.Numerator) continue;
            if (exchange.HasBody) (exchange.Mirrors ??= []).Add(mirror);
            else Send(exchange, mirror, null);
        }
    }

    /// <summary>Called when the request is over, while its body is still kept.</summary>
    public void End(Exchange exchange)
    {
        foreach (var mirror in exchange.Mirrors ?? [])
        {
            if (exchange.Body?.Whole() is { } body) Send(exchange, mirror, body);
            else Interlocked.Increment(ref _dropped);
        }
    }

    private void Send(Exchange exchange, Mirror mirror, byte[]? body)
    {
        if (Interlocked.Increment(ref _underWay) <= Most)
        {
            _ = SendAsync(exchange, mirror, body);
            return;
        }

        Interlocked.Decrement(ref _underWay);
        Interlocked.Increment(ref _dropped);
    }

    private static HttpRequestMessage Copy(Exchange exchange, BackendHealth backend, RoutePolicy policy, byte[]? body)
    {
        var asked = policy.Protocol == BackendProtocol.AsAsked && HttpProtocol.IsHttp2(exchange.Context.Request.Protocol);
        var http2 = asked || policy.Protocol is BackendProtocol.Grpc or BackendProtocol.Grpcs;
        var copy = new HttpRequestMessage(new(exchange.Context.Request.Method), (Uri?)null)
        {
            Version = http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body is null ? null : new ByteArrayContent(body),
        };
        UpstreamRequest.Write(exchange, copy, policy.Protocol is BackendProtocol.Https or BackendProtocol.Grpcs ? backend.HttpsPrefix : backend.HttpPrefix, HeaderEdits.None);
        copy.Headers.ExpectContinue = false;
        return copy;
    }

    private async Task SendAsync(Exchange exchange, Mirror mirror, byte[]? body)
    {
        BackendHealth? backend = null;
        try
        {
            // All that is needed of the request is taken before anything is waited for: by then its headers may be another's.
            if (Take(exchange, mirror) is not var (picked, edits))
            {
                Interlocked.Increment(ref _failed);
                return;
            }

            (backend = picked).Begin();
            var policy = mirror.Target.Policy;
            using var copy = Copy(exchange, backend, policy, body);
            PolicyEdits.Apply(edits, copy);
            var invoker = invokers.Get(policy, exchange.Caller?.Upstream ?? default, time.GetTimestamp());
            using var stop = new CancellationTokenSource(s_longest, time);
            using (await invoker.SendAsync(copy, stop.Token)) Interlocked.Increment(ref _sent);
        }
        catch (Exception)
        {
            // Whatever it was: nobody waits for it, and it must not end more than itself.
            Interlocked.Increment(ref _failed);
        }
        finally
        {
            backend?.End();
            Interlocked.Decrement(ref _underWay);
        }
    }

    /// <summary>Who gets the copy, with what policies ask to be done to it; a copy is a request like any other. Null = nobody may, or is there.</summary>
    private (BackendHealth Backend, ImmutableArray<HeaderEdit> Edits)? Take(Exchange exchange, Mirror mirror)
    {
        if (mirror.Target.Port?.Now is not { } now || picker.First(mirror.Target, now, exchange.Facts) is not { } picked) return null;
        if (authorizer is null || exchange.Caller is not { } caller) return (picked.Backend, []);
        var asked = new ExchangeFacts(exchange);
        var verdict = authorizer.Judge(asked, SentFacts.Of(asked, exchange.Route!.Model, HeaderEdits.None, exchange.Path, exchange.Query), caller, picked.Backend);
        return verdict.Allowed ? (picked.Backend, verdict.Edits) : null;
    }
}
