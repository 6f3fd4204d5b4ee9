using ClusterMesh.Load.Generator;
using ClusterMesh.Load.Http;

namespace ClusterMesh.Load.Tests;

public sealed class RecorderTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public void Latency_OfALateSend_CountsFromTheIntendedTime()
    {
        var recorder = new Recorder(_time);
        var intended = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMilliseconds(250));

        recorder.Sent();
        recorder.Answered(new Exchange(intended, long.MaxValue), Head(200), "gateway");

        Assert.Equal(250_000_000, recorder.Total().Latency.Max);
    }

    [Fact]
    public void Cut_StartsANewWindow_AndTheTotalKeepsAll()
    {
        var recorder = new Recorder(_time);
        Answer(recorder, 200);
        Answer(recorder, 503);

        Assert.Equal((2, 1, 1), Counts(recorder.Cut()));
        Answer(recorder, 204);
        Assert.Equal((1, 1, 0), Counts(recorder.Cut()));
        Assert.Equal((3, 2, 1), Counts(recorder.Total()));
    }

    [Fact]
    public void Unanswered_CountsSentWithoutAnAnswerOrAFailure()
    {
        var recorder = new Recorder(_time);
        recorder.Sent();
        recorder.Sent();
        recorder.Sent();
        recorder.Answered(new Exchange(0, 0), Head(200), "gateway");
        recorder.Failed(FailureKind.Timeout, "");

        Assert.Equal(1, recorder.Unanswered);
    }

    private static ResponseHead Head(int status) => new(status, 0, false, false, "west", "v1");

    private static (long, long, long) Counts(Tally tally) => (tally.Sent, tally.Ok, tally.Failed);

    private static void Answer(Recorder recorder, int status)
    {
        recorder.Sent();
        recorder.Answered(new Exchange(0, 0), Head(status), "gateway");
    }
}
