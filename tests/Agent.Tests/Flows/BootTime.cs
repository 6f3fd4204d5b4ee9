namespace ClusterMesh.Agent.Tests.Flows;

/// <summary>Linux's clocks, standing still until a test moves them: timestamps are nanoseconds since the start of the machine.</summary>
internal sealed class BootTime : TimeProvider
{
    private TimeSpan _up = TimeSpan.FromHours(5);

    public override long TimestampFrequency => 1_000_000_000;

    public override DateTimeOffset GetUtcNow() => Told.Noon + _up;

    public override long GetTimestamp() => _up.Ticks * 100;

    public void Advance(TimeSpan time) => _up += time;
}
