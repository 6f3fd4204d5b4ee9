using System.Net;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Telemetry;

namespace ClusterMesh.Proxy.Health;

/// <summary>What is known of one backend by its answers; one for all routes and services that use the address. Lock-free to read.</summary>
internal sealed class BackendHealth(Backend backend)
{
    private int _inFlight;
    private long _windowStart;
    private DateTimeOffset _restoredAt;
    private int _requests;
    private int _failures;
    private int _inARow;
    private uint _answered;
    private long _answeredAt;
    private volatile Ejection? _ejection;
    private volatile bool _probeFailing;

    public Backend Backend { get; } = backend;

    /// <summary>Identity in hashes and session cookies: the same in every gateway.</summary>
    public ulong Hash { get; } = Split.StickyHash.Of($"{backend.Cluster}/{backend.Authority}");

    /// <summary>None where the backend is a name.</summary>
    public IPAddress Address { get; } = IPAddress.TryParse(backend.Address, out var address) ? address : IPAddress.None;

    /// <summary>"http://10.0.0.1:8080" and "https://10.0.0.1:8080", made once.</summary>
    public string HttpPrefix { get; } = $"http://{backend.Authority}";

    public string HttpsPrefix { get; } = $"https://{backend.Authority}";

    /// <summary>The cluster's number in the keys of series.</summary>
    public int ClusterNumber { get; } = Record.Metrics.ClusterNumbers.Of(backend.Cluster);

    /// <summary>How many service ports have it; by the one writer alone.</summary>
    public int Users { get; set; }

    public int InFlight => Volatile.Read(ref _inFlight);

    public bool Healthy => _ejection is null && !_probeFailing;

    public Ejection? Ejection => _ejection;

    public bool ProbeFailing
    {
        get => _probeFailing;
        set => _probeFailing = value;
    }

    /// <summary>How many ejections came in a row.</summary>
    public int Repetition { get; private set; }

    public void Begin() => Interlocked.Increment(ref _inFlight);

    public void End() => Interlocked.Decrement(ref _inFlight);

    /// <summary>It answered that caller; two at the same time may leave one's name with the other's time, which are about the same.</summary>
    public void Answered(uint caller, long now)
    {
        if (_answered != caller) _answered = caller;
        _answeredAt = now;
    }

    /// <summary>It has just answered somebody else.</summary>
    public bool AnswersOthers(uint caller, long now, long frequency) => _answeredAt != 0 && _answered != caller && now - _answeredAt < frequency;

    /// <summary>Counts an answer in the window; true when it is one failure too many. Counts may lose an update, never a verdict.</summary>
    public bool CountFailure(bool failed, long now, long frequency, EjectionPolicy policy)
    {
        if (now - _windowStart > policy.Window.TotalSeconds * frequency)
        {
            _windowStart = now;
            _requests = _failures = _inARow = 0;
        }

        _requests++;
        if (!failed)
        {
            if (_inARow > 0) _inARow = 0;
            return false;
        }

        _failures++;
        _inARow++;
        return _inARow >= policy.MinimumFailures || (_failures >= policy.MinimumFailures && _failures >= _requests * policy.FailureShare);
    }

    public void Eject(EndReason reason, DateTimeOffset now, EjectionPolicy policy)
    {
        if (now - _restoredAt > policy.ForgiveAfter) Repetition = 0;
        var time = TimeSpan.FromTicks(Math.Min(policy.MaxTime.Ticks, policy.BaseTime.Ticks << Math.Min(Repetition, 20)));
        Repetition++;
        _requests = _failures = _inARow = 0;
        _ejection = new(reason, now, now + time);
    }

    public void Restore(DateTimeOffset now)
    {
        _restoredAt = now;
        _ejection = null;
    }
}

/// <summary>Why, since when and until when a backend takes nothing new.</summary>
internal sealed record Ejection(EndReason Reason, DateTimeOffset Since, DateTimeOffset Until);
