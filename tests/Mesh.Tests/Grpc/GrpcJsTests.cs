using System.Diagnostics;
using System.Text.Json.Nodes;
using ClusterMesh.Tests;

namespace ClusterMesh.Mesh.Tests.Grpc;

/// <summary>The real @grpc/grpc-js client of npm calls our server.</summary>
public sealed class GrpcJsTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    [GrpcJsFact]
    public async Task GrpcJs_CallingOurServer_SeesEveryOutcome()
    {
        await using var server = await ChatServer.StartAsync();
        var folder = Path.Combine(AppContext.BaseDirectory, "grpc-js");
        await RunAsync("npm", folder, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error");
        var said = await RunAsync("node", folder, "calls.js", server.Plain.Authority, Path.Combine(AppContext.BaseDirectory, "grpc-js", "chat.proto"));
        var seen = JsonNode.Parse(said)!;
        Expect(seen, "say", """{"text":"é","heard":"hello","trailer":"last"}""");
        Expect(seen, "missing", """{"code":5,"details":"no café: 100%\n"}""");
        Expect(seen, "crash", """{"code":2,"details":"the method failed"}""");
        Assert.Equal(4, (int)seen["deadline"]!["code"]!);
        Assert.Equal(1, (int)seen["cancelled"]!["code"]!);
        Assert.Equal(12, (int)seen["unimplemented"]!["code"]!);
        Assert.Equal(8, (int)seen["large"]!["code"]!);
        Expect(seen, "count", """{"numbers":[1,2,3,4,5],"code":0}""");
        Expect(seen, "fail", """{"numbers":[1,2,3],"code":9,"details":"three is enough"}""");
        Expect(seen, "countDeadline", """{"numbers":[1,2,3],"code":4}""");
        Expect(seen, "countCancelled", """{"numbers":[1,2,3],"code":1}""");
        Expect(seen, "many", "20000");
        Expect(seen, "talk", """{"heard":["one","two","three"],"code":0}""");
        Expect(seen, "bye", """{"heard":["bye"],"code":0}""");
        await Eventually.TrueAsync(() => server.Running == 0, "every handler has ended");
    }

    /// <summary>All fields of the expected value; the client may have said more.</summary>
    private static void Expect(JsonNode seen, string call, string expected)
    {
        var wanted = JsonNode.Parse(expected)!;
        foreach (var (field, value) in wanted as JsonObject ?? [])
            Assert.True(JsonNode.DeepEquals(value, seen[call]![field]), $"{call}: {seen[call]!.ToJsonString()}, not {expected}");
        if (wanted is not JsonObject)
            Assert.Equal(expected, seen[call]!.ToJsonString());
    }

    private static async Task<string> RunAsync(string command, string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var limit = new CancellationTokenSource(s_limit);
        using var killing = limit.Token.Register(() => process.Kill(entireProcessTree: true));
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{command} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await error}");
        return output;
    }
}
