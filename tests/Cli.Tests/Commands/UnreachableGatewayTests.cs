using ClusterMesh.Cli.Admin;
using ClusterMesh.Cli.Demo;

namespace ClusterMesh.Cli.Tests.Commands;

public sealed class UnreachableGatewayTests
{
    [Fact]
    public async Task AnyQuestion_NobodyListens_IsOneLineWithWhatToCheck()
    {
        var url = $"http://127.0.0.1:{Ports.Free(1)[0]}";
        var (code, output, errors) = await CommandLine.RunAsync("status", "--admin", url);
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith($"clustermesh: no gateway at {url} (Connection refused): check that clustermesh-ingress runs", errors);
        Assert.Contains("--admin URL or CLUSTERMESH_ADMIN", Assert.Single(errors.TrimEnd().Split('\n')));
    }

    [Theory]
    [InlineData(200, "<html>")]
    [InlineData(200, "[]")]
    [InlineData(200, "null")]
    [InlineData(502, "Bad Gateway")]
    public async Task AnyQuestion_SomebodyElseAnswers_SaysSo(int status, string body)
    {
        await using var admin = await FakeAdmin.StartAsync((status, body), (404, ""));
        var (code, output, errors) = await CommandLine.RunAsync("service", "list", "--admin", admin.Url);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("admin port of clustermesh-ingress", Assert.Single(errors.TrimEnd().Split('\n')));
    }

    [Theory]
    [InlineData("127.0.0.1:9901", "http://127.0.0.1:9901/")]
    [InlineData("https://gateway.example:9901/", "https://gateway.example:9901/")]
    [InlineData("ftp://gateway.example", null)]
    [InlineData("http://gateway.example/path", null)]
    [InlineData("unix:/run/clustermesh/agent.sock", "unix:/run/clustermesh/agent.sock")]
    [InlineData("unix:///run/agent.sock", "unix:///run/agent.sock")]
    [InlineData("unix:agent.sock", null)]
    [InlineData("unix:/", null)]
    [InlineData("", null)]
    [InlineData("a b", null)]
    public void Address_AsWritten_IsTakenOrRefused(string text, string? expected)
    {
        var taken = AdminPort.TryParse(text, out var address);
        Assert.Equal(expected, taken ? address!.AbsoluteUri : null);
    }

    [Fact]
    public async Task Address_FromTheEnvironment_IsUsedByTheRealProgram()
    {
        await using var admin = await FakeAdmin.StartAsync(Samples.State());
        var start = Program.With("service", "list");
        start.Environment[AdminPort.Gateway.Variable] = admin.Url;
        using var process = System.Diagnostics.Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("rebel-base", output);
    }
}
