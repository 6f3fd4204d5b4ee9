using ClusterMesh.Load.Http;

namespace ClusterMesh.Load.Generator;

/// <summary>Collects what all connections see, in windows that a drill cuts at its own steps.</summary>
internal sealed class Recorder(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private Tally _window = new();
    private readonly Tally _earlier = new();
    private long _unanswered;

    public long Unanswered { get { lock (_lock) { return _unanswered; } } }

    public void Sent()
    {
        lock (_lock)
        {
            _window.Sent++;
            _unanswered++;
        }
    }

    public void Reconnected()
    {
        lock (_lock)
            _window.Reconnects++;
    }

    public void Answered(Exchange exchange, in ResponseHead head, string target)
    {
        var nanoseconds = (long)time.GetElapsedTime(exchange.Intended).TotalNanoseconds;
        lock (_lock)
        {
            _unanswered--;
            _window.Statuses[head.Status] = _window.Statuses.GetValueOrDefault(head.Status) + 1;
            if (head.Status is < 200 or >= 400)
            {
                _window.Fail(FailureKind.Status, Detail($"status {head.Status} from {target}: {head.Text}"));
                return;
            }

            _window.Ok++;
            _window.Latency.Add(nanoseconds);
            _window.Targets.Count(target);
            _window.Clusters.Count(head.Cluster);
            _window.Versions.Count(head.Version);
        }
    }

    public void Failed(FailureKind kind, string detail)
    {
        lock (_lock)
        {
            _unanswered--;
            _window.Fail(kind, Detail($"{kind}: {detail}"));
        }
    }

    /// <summary>What was seen since the last cut; a new window begins.</summary>
    public Tally Cut()
    {
        lock (_lock)
        {
            var window = _window;
            _earlier.Add(window);
            _window = new Tally();
            return window;
        }
    }

    /// <summary>Everything since the start.</summary>
    public Tally Total()
    {
        lock (_lock)
        {
            var total = new Tally();
            total.Add(_earlier);
            total.Add(_window);
            return total;
        }
    }

    private string Detail(string text) => FormattableString.Invariant($"+{time.GetElapsedTime(_start).TotalSeconds:F3} s {text}");
}
