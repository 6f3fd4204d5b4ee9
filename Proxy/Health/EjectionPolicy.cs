namespace ClusterMesh.Proxy.Health;

/// <summary>When a backend is taken out for what its answers were (passive health), and for how long.</summary>
/// <remarks>
/// A refused connection ejects at once and without limit: nobody listens there. Resets, 5xx and timeouts eject when they are
/// at least <see cref="FailureShare"/> of the window, or nothing else comes: at least <see cref="MinimumFailures"/> in either case, as
/// a busy backend that stops to answer has thousands of good answers in its window. Never more than <see cref="MaxEjectedShare"/> of a
/// service port's backends go. When nobody is left the panic rule of BackendSelection holds.
/// </remarks>
public sealed record EjectionPolicy
{
    /// <summary>
    /// Whether a connection that failed is the backend's fault alone. Between pods it may be a policy's against that one caller, whose
    /// connections must not take the backend from all others: there it counts as any other failure, and time brings the backend back.
    /// </summary>
    public bool ConnectFailureEjects { get; init; } = true;

    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>That many in a row, with no success in between, are enough whatever came before (Envoy's consecutive failures).</summary>
    public int MinimumFailures { get; init; } = 5;

    public double FailureShare { get; init; } = 0.5;

    public double MaxEjectedShare { get; init; } = 0.5;

    /// <summary>The first ejection's time; each further one in a row doubles it, up to <see cref="MaxTime"/>.</summary>
    public TimeSpan BaseTime { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan MaxTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time without an ejection after which the next one counts as the first.</summary>
    public TimeSpan ForgiveAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often an ejected backend that refused connections is asked whether it listens again.</summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromMilliseconds(250);
}
