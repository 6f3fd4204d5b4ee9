using System.Runtime.CompilerServices;
using ClusterMesh.Mesh.Etcd.Protos;

namespace ClusterMesh.Mesh.Etcd;

/// <summary>Lists a prefix page by page, all as of one revision.</summary>
internal static class EtcdList
{
    public static async IAsyncEnumerable<EtcdPage> PagesAsync(
        EtcdCaller caller, EtcdHistory history, string prefix, int pageSize, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (begin, end, revision) = (EtcdRange.Begin(prefix), EtcdRange.End(prefix), 0L);
        while (true)
        {
            var request = new RangeRequest { Key = begin, RangeEnd = end, Limit = pageSize, Revision = revision };
            RangeResponse answer;
            try
            {
                answer = await caller.CallAsync(EtcdMethods.Range, request, $"list {prefix}", cancel);
            }
            catch (EtcdException e) when (e.Error == EtcdError.TooLarge && pageSize > 1)
            {
                // Large values: fewer at a time.
                pageSize = Math.Max(1, pageSize / 8);
                continue;
            }

            if (revision == 0)
                revision = answer.Header.Revision;
            var items = new EtcdKeyValue[answer.Kvs.Count];
            for (var at = 0; at < items.Length; at++) items[at] = EtcdMessages.Item(answer.Kvs[at], history);
            yield return new EtcdPage(revision, items);
            if (!answer.More || items.Length == 0)
                yield break;
            begin = EtcdRange.After(answer.Kvs[^1].Key);
        }
    }
}
