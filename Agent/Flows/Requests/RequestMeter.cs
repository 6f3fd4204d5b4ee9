using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using ClusterMesh.Mesh.Status;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Mesh.Wire.Flows;

namespace ClusterMesh.Agent.Flows.Requests;

/// <summary>
/// The meter "ClusterMesh.Requests": requests of pods by workload and cluster, as Hubble's labelsContext has them, and the clusters that it
/// lacks. Of more different series than <see cref="MostSeries"/> the rest is added up under "other". One thread at a time.
/// </summary>
internal sealed class RequestMeter : IDisposable
{
    /// <summary>The SDK takes 2,000 of one instrument.</summary>
    public const int MostSeries = 1_500;

    private const string Other = "other";

    private readonly Meter _meter = new("ClusterMesh.Requests");
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;
    private readonly HashSet<Series> _known = [];

    public RequestMeter()
    {
        _requests = _meter.CreateCounter<long>("clustermesh_http_requests", null, "Requests that this node's proxy served, by workloads, clusters, status and reason.");
        _duration = _meter.CreateHistogram(
            "clustermesh_http_request_duration", "s", "Duration of requests that this node's proxy served, by workloads and clusters.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = RequestDurations.Bounds });
    }

    /// <param name="latency">Of all of them together, which are in one bucket.</param>
    public void Record(FlowPeer source, FlowPeer destination, in RequestKind kind, long count, TimeSpan latency)
    {
        var (from, to) = (Part.Of(source), Part.Of(destination));
        var series = new Series(from, to, kind.Method, kind.Status, kind.Reason, kind.Ingress);
        if (!_known.Contains(series) && (_known.Count >= MostSeries || !_known.Add(series))) (from, to) = (Part.Rest, Part.Rest);
        var tags = new TagList
        {
            { "source_namespace", from.Namespace }, { "source_workload", from.Workload }, { "source_cluster", from.Cluster },
            { "destination_namespace", to.Namespace }, { "destination_workload", to.Workload }, { "destination_cluster", to.Cluster },
            { "method", kind.Method }, { "reporter", kind.Ingress ? "server" : "client" },
        };
        // The sum of a bucket is right, whoever of its requests took longer.
        var each = latency.TotalSeconds / count;
        for (var i = 0L; i < count; i++) _duration.Record(each, tags);
        tags.Add("status", kind.Status.ToString(CultureInfo.InvariantCulture));
        tags.Add("reason", kind.Reason);
        _requests.Add(count, tags);
    }

    public void Dispose() => _meter.Dispose();

    private readonly record struct Part(string Namespace, string Workload, string Cluster)
    {
        public static readonly Part Rest = new(Other, Other, Other);

        public static Part Of(FlowPeer peer) => new(Workloads.NamespaceOf(peer), Workloads.NameOf(peer), peer.Cluster ?? "");
    }

    private readonly record struct Series(Part Source, Part Destination, string Method, int Status, string Reason, bool Ingress);
}
