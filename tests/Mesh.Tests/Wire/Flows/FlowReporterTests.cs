using System.Collections.Concurrent;
using ClusterMesh.Mesh.Grpc;
using ClusterMesh.Mesh.Wire.Flows;
using ClusterMesh.Tests;

namespace ClusterMesh.Mesh.Tests.Wire.Flows;

/// <summary>From a proxy to its agent, over a real socket.</summary>
public sealed class FlowReporterTests : IAsyncLifetime
{
    private readonly AgentSocket _agent = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string?> _changes = new();
    private FlowReporter _reporter = null!;
    private Task _running = Task.CompletedTask;

    public Task InitializeAsync()
    {
        _reporter = new(_agent.Path, TimeProvider.System);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _reporter.Dispose();
        await _agent.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Tell_ARequest_ArrivesAsItIs()
    {
        await _agent.StartAsync();
        Run();
        _reporter.Tell(Sample.Flow);
        await Eventually.TrueAsync(() => !_agent.Reports.IsEmpty, "there is a report");
        Assert.Equal(Sample.Flow, Assert.Single(_agent.Flows));
        Assert.Equal((0, 0, null), (_reporter.Lost, _reporter.Limited, _reporter.LastError));
    }

    [Fact]
    public async Task Tell_ManyRequests_ComeInFewReports()
    {
        await _agent.StartAsync();
        for (var i = 0; i < 1_000; i++) _reporter.Tell(Sample.Flow with { SourcePort = i });
        Run();
        await Eventually.TrueAsync(() => _agent.Flows.Count() == 1_000, "all are told");
        Assert.Equal(Enumerable.Range(0, 1_000), _agent.Flows.Select(flow => flow.SourcePort));
        Assert.All(_agent.Reports, report => Assert.InRange(report.Flows.Length, 1, FlowReporter.BatchSize));
    }

    [Fact]
    public async Task AgentAway_ThenThere_IsToldWhatWaitedAndTheNumberOfTheRest()
    {
        Run();
        for (var i = 0; i < FlowReporter.QueueLength + 1_000; i++) _reporter.Tell(Sample.Flow);
        await Eventually.TrueAsync(() => _changes.Count == 1, "it is said that the agent is away");
        Assert.NotNull(_changes.Single());
        var lost = _reporter.Lost;
        // The reporter may have one batch in its hands.
        Assert.InRange(lost, 1_000 - FlowReporter.BatchSize, 1_000);

        await _agent.StartAsync();
        await Eventually.TrueAsync(() => _agent.Reports.Sum(report => report.Lost) == lost, "the agent learns what was lost");
        await Eventually.TrueAsync(() => _agent.Flows.Count() + lost == FlowReporter.QueueLength + 1_000, "what waited is told");
        Assert.Equal(lost, _agent.Counts.Sum(count => count.Count));
        Assert.Equal(Sample.Kind, _agent.Counts.Select(count => count.Kind).Distinct().Single());
        await Eventually.TrueAsync(() => _changes.Last() is null, "it is said that the agent is back");
    }

    [Fact]
    public async Task AgentAway_WhileItRuns_IsToldAgainWhatItMayNotHaveSeen()
    {
        await _agent.StartAsync();
        Run();
        _reporter.Tell(Sample.Flow);
        await Eventually.TrueAsync(() => _agent.Flows.Any(), "the first one is told");
        await _agent.StopAsync();
        _reporter.Tell(Sample.Flow with { Path = "/second" });
        await Eventually.TrueAsync(() => _reporter.LastError is not null, "the agent is missed");
        await _agent.StartAsync();
        await Eventually.TrueAsync(() => _agent.Flows.Any(flow => flow.Path == "/second"), "the second one is told");
        Assert.Equal(0, _reporter.Lost);
    }

    [Fact]
    public async Task Report_ThatTheAgentRefuses_IsLostAndTheNextOneIsTold()
    {
        var refused = 0;
        await _agent.StartAsync(_ =>
        {
            if (refused++ == 0) throw new GrpcException(GrpcStatus.InvalidArgument, "no");
        });
        _reporter.Tell(Sample.Flow);
        Run();
        await Eventually.TrueAsync(() => _reporter.Lost == 1, "the refused one is lost");
        _reporter.Tell(Sample.Flow with { Path = "/second" });
        await Eventually.TrueAsync(() => _agent.Flows.Any(flow => flow.Path == "/second"), "the second one is told");
    }

    [Fact]
    public async Task Report_ThatTheAgentRefuses_ItsNumbersAreToldByTheNextOne()
    {
        var refused = 0;
        await _agent.StartAsync(_ =>
        {
            if (refused++ == 0) throw new GrpcException(GrpcStatus.InvalidArgument, "no");
        });
        for (var i = 0; i < 3; i++) _reporter.Count(Sample.Kind, TimeSpan.FromMilliseconds(1));
        Run();
        await Eventually.TrueAsync(() => _agent.Reports.Sum(report => report.Limited) == 3, "it is told how many were not admitted");
        // Nobody ever sees which ones they were.
        await Eventually.TrueAsync(() => _agent.Reports.Sum(report => report.Lost) == 3, "and that they are not in the counts");
        Assert.Empty(_agent.Counts);
    }

    [Fact]
    public async Task Count_OfKindsThatHaveNoRoom_IsToldAsLost()
    {
        await _agent.StartAsync();
        for (var i = 0; i < RequestCounts.Most + 7; i++) _reporter.Count(Sample.Kind with { SourceIdentity = (uint)i }, TimeSpan.FromMilliseconds(1));
        Assert.Equal((RequestCounts.Most, 7), (_reporter.Limited, _reporter.Lost));
        Run();
        await Eventually.TrueAsync(() => _agent.Reports.Sum(report => report.Lost) == 7, "it is told how many were lost");
        Assert.Equal(RequestCounts.Most, _agent.Counts.Sum(count => count.Count));
    }

    [Fact]
    public async Task Count_OfMoreThanOneReportMayTell_IsToldByTheNextOnes()
    {
        await _agent.StartAsync();
        for (var i = 0; i < FlowEncoding.MostCounted + 5; i++) _reporter.Count(Sample.Kind, TimeSpan.FromMilliseconds(1));
        Run();
        await Eventually.TrueAsync(() => _agent.Counts.Sum(count => count.Count) == FlowEncoding.MostCounted + 5, "all are told");
        Assert.True(_agent.Reports.Count > 1);
        Assert.Equal(0, _agent.Reports.Sum(report => report.Lost));
    }

    [Fact]
    public async Task Count_OfWhatWasNotAdmitted_IsAddedUpByKindAndBucket()
    {
        await _agent.StartAsync();
        for (var i = 0; i < 5; i++) _reporter.Count(Sample.Kind, TimeSpan.FromMilliseconds(1));
        _reporter.Count(Sample.Kind, TimeSpan.FromMilliseconds(60));
        _reporter.Count(Sample.Kind with { Status = 503 }, TimeSpan.FromMilliseconds(2));
        Run();
        await Eventually.TrueAsync(() => _agent.Reports.Sum(report => report.Limited) == 7, "it is told how many there were");
        Assert.Equal(
            [(200, 1, 60.0), (200, 5, 5.0), (503, 1, 2.0)],
            _agent.Counts.Select(count => (count.Kind.Status, count.Count, count.Latency.TotalMilliseconds)).Order());
    }

    [Fact]
    public async Task Stop_WithSomethingToTell_TellsItFirst()
    {
        await _agent.StartAsync();
        Run();
        _reporter.Tell(Sample.Flow);
        await _stop.CancelAsync();
        await _running;
        Assert.Single(_agent.Flows);
    }

    private void Run() => _running = _reporter.RunAsync(_changes.Enqueue, _stop.Token);
}
