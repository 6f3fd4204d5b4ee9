using ClusterMesh.Mesh.Grpc;
using Google.Protobuf;

namespace ClusterMesh.Mesh.Etcd;

/// <summary>
/// Makes calls of one answer: at the endpoint in use, then at the others, again and again until the time is up. A call that
/// changes something is made again only if etcd has surely not seen it.
/// </summary>
internal sealed class EtcdCaller(EtcdConfig config, EtcdEndpoints endpoints, EtcdHistory history, TimeProvider time, IChance chance)
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);

    /// <param name="call">What is done, for messages: "put cilium/state/x".</param>
    /// <param name="timeout">Over all endpoints; null = the config's.</param>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(
        EtcdMethod<TRequest, TResponse> method, TRequest request, string call, CancellationToken cancel, TimeSpan? timeout = null)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        EtcdLimits.Check(request, call);
        var (begin, limit, backoff) = (time.GetTimestamp(), timeout ?? config.Timeout, new Backoff(EtcdLimits.FirstBackoff, EtcdLimits.LongestBackoff, chance));
        for (var attempt = 1; ; attempt++)
        {
            history.ThrowIfBroken();
            var atLeast = method.Ordered ? Math.Max(1, history.Revision) : 0;
            var link = endpoints.Current();
            var left = limit - time.GetElapsedTime(begin);
            try
            {
                var answer = await link.Channel.UnaryAsync(method.Method, request, Share(left, attempt, method.Repeatable), cancel: cancel);
                history.Check(method.Header(answer), atLeast, link.Name);
                return answer;
            }
            catch (GrpcException e)
            {
                var error = endpoints.ErrorOf(e, link.Name, call);
                if (error.Error is not (EtcdError.Unavailable or EtcdError.Tls))
                    throw error;
                endpoints.Failed(link, e);
                // A certificate does not mend within seconds; another endpoint may have a good one.
                var again = (method.Repeatable || EtcdErrors.IsUndone(e)) && (error.Error != EtcdError.Tls || attempt < endpoints.Count);
                if (!again || time.GetElapsedTime(begin) >= limit)
                    throw error;
            }

            if (attempt % endpoints.Count == 0)
                await backoff.WaitAsync(time, cancel);
        }
    }

    /// <summary>An endpoint that does not answer leaves time for those behind it, where a second try is allowed.</summary>
    private TimeSpan Share(TimeSpan left, int attempt, bool repeatable)
    {
        var share = repeatable ? left / (endpoints.Count - ((attempt - 1) % endpoints.Count)) : left;
        return share > s_shortest ? share : s_shortest;
    }
}
