using System.Net;
using ClusterMesh.Cli.Demo;
using ClusterMesh.Cli.Echo;
using ClusterMesh.Cli.Processes;

namespace ClusterMesh.Cli.Tests.Demo;

/// <summary>Real echo processes.</summary>
public sealed class PodsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Pods_StartedKilledStartedAgain_AnswerAndFallSilentAccordingly()
    {
        var pod = NewPod();
        var url = $"http://{pod.Address}/";
        using var client = new HttpClient();
        using (var pods = new Pods(Launch.Self, [pod], TimeProvider.System))
        {
            await pods.StartAsync(pods.All, default);
            using (var answer = await client.GetAsync(url))
                Assert.Equal(["rebel-base-a", "v7"], [answer.Headers.GetValues(EchoHeaders.Pod).Single(), answer.Headers.GetValues(EchoHeaders.Version).Single()]);
            pods.Kill([pod]);
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(url));
            await pods.StartAsync([pod], default);
            await client.GetStringAsync(url);
        }

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(url));
    }

    [Fact]
    public async Task Pod_WhoseAddressIsTaken_IsNamedWithItsLastWords()
    {
        var pod = NewPod();
        using var taken = new System.Net.Sockets.TcpListener(pod.Address);
        taken.Start();
        using var pods = new Pods(Launch.Self, [pod], TimeProvider.System);
        var error = await Assert.ThrowsAsync<LaunchException>(() => pods.StartAsync(pods.All, default));
        Assert.StartsWith("rebel-base-a of west ended: clustermesh: echo cannot listen on 127.0.0.1:", error.Message);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Echo_OnASignal_EndsByItselfWithZero(string signal)
    {
        var pod = NewPod();
        var start = Program.With("echo", "--listen", pod.Address.ToString(), "--service", "s", "--version", "v", "--cluster", "c");
        using var echo = System.Diagnostics.Process.Start(start)!;
        Assert.Equal($"s-v of c at http://{pod.Address}", await echo.StandardOutput.ReadLineAsync());
        using (var kill = System.Diagnostics.Process.Start("kill", [$"-{signal}", $"{echo.Id}"]))
            await kill.WaitForExitAsync();
        await EndsAsync(echo);
        Assert.Equal(0, echo.ExitCode);
    }

    [Fact]
    public async Task Echo_WhoseStarterIsGone_EndsToo()
    {
        var pod = NewPod();
        var start = Program.With(
            "echo", "--listen", pod.Address.ToString(), "--service", "s", "--version", "v", "--cluster", "c", "--until-input-ends");
        using var echo = System.Diagnostics.Process.Start(start)!;
        await echo.StandardOutput.ReadLineAsync();
        Assert.False(echo.HasExited);
        echo.StandardInput.Close();
        await EndsAsync(echo);
    }

    private static DemoPod NewPod() => new("west", "rebel-base-a", "rebel-base", "v7", new(IPAddress.Loopback, Ports.Free(1)[0]));

    private static async Task EndsAsync(System.Diagnostics.Process process)
    {
        using var timeout = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            Assert.Fail($"still running after {Limit.TotalSeconds} s");
        }
    }
}
