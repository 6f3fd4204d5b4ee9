using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ClusterMesh.Cli.Echo;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh echo: a backend that says who it is, for the demo, tests and curious people.</summary>
internal static class EchoCommand
{
    public static Command Create(Screen screen)
    {
        var listen = Where("--listen", "Where to listen, such as 127.0.0.1:8080; port 0 takes a free one. May be repeated.", required: true);
        var udp = Where("--udp", "Where to answer datagrams: \"POD CLUSTER VERSION\", a line feed, then what came. May be repeated.", required: false);
        var service = Named("--service", "What it says its service is.");
        var version = Named("--version", "What it says its version is.");
        var cluster = Named("--cluster", "What it says its cluster is.");
        var pod = new Option<string>("--pod") { Description = "What it says its pod is (default SERVICE-VERSION).", HelpName = "NAME" };
        var untilInputEnds = new Option<bool>("--until-input-ends") { Description = "Stop also when standard input ends: whoever started it is gone.", Hidden = true };
        var command = new Command("echo", "An HTTP/1.1 and h2c backend that says who it is. Query switches: status, delay, bytes; /reset aborts.")
        {
            listen, udp, service, version, cluster, pod, untilInputEnds,
        };
        command.SetAction((parsed, cancel) =>
        {
            var (ofService, ofVersion) = (parsed.GetRequiredValue(service), parsed.GetRequiredValue(version));
            var identity = new EchoIdentity(ofService, ofVersion, parsed.GetRequiredValue(cluster), parsed.GetValue(pod) ?? $"{ofService}-{ofVersion}");
            return RunAsync(parsed.GetRequiredValue(listen), parsed.GetValue(udp) ?? [], identity, screen, EndedAsync(parsed.GetValue(untilInputEnds), cancel));
        });
        return command;
    }

    private static async Task<int> RunAsync(IPEndPoint[] listen, IPEndPoint[] udp, EchoIdentity identity, Screen screen, Task ended)
    {
        // Signals are ours only once this has returned a task.
        await Task.Yield();
        try
        {
            using var datagrams = new UdpEcho(udp, identity);
            await using var server = await EchoServer.StartAsync(listen, identity, TimeProvider.System);
            var addresses = server.Addresses.Select(address => address.GetLeftPart(UriPartial.Authority)).Concat(datagrams.Addresses.Select(address => $"udp {address}"));
            screen.Line($"{identity.Pod} of {identity.Cluster} at {string.Join(", ", addresses)}");
            await ended;
            await server.StopAsync();
            return ExitCode.Ok;
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            screen.Error($"echo cannot listen on {string.Join(", ", listen.Concat(udp).Select(address => $"{address}"))}: {error.Message}");
            return ExitCode.Failed;
        }
    }

    /// <summary>Done when a signal came or, where asked for, when standard input ended.</summary>
    private static Task EndedAsync(bool untilInputEnds, CancellationToken cancel)
    {
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cancel.Register(signal.SetResult);
        return untilInputEnds ? Task.WhenAny(signal.Task, Task.Factory.StartNew(ReadToEnd, TaskCreationOptions.LongRunning)) : signal.Task;
    }

    private static void ReadToEnd()
    {
        using var input = Console.OpenStandardInput();
        Span<byte> ignored = stackalloc byte[256];
        while (input.Read(ignored) > 0)
        {
        }
    }

    private static Option<IPEndPoint[]> Where(string name, string description, bool required) => new(name)
    {
        Description = description,
        HelpName = "ADDR:PORT",
        Required = required,
        CustomParser = result =>
        {
            var addresses = new List<IPEndPoint>();
            foreach (var token in result.Tokens)
            {
                if (TryParse(token.Value, out var address)) addresses.Add(address!);
                else result.AddError($"{name}: '{token.Value}' is not ADDRESS:PORT");
            }

            return [.. addresses];
        },
    };

    /// <summary>An IPEndPoint with its port written out.</summary>
    private static bool TryParse(string text, out IPEndPoint? address) =>
        IPEndPoint.TryParse(text, out address)
        && text.EndsWith(string.Create(CultureInfo.InvariantCulture, $":{address.Port}"), StringComparison.Ordinal);

    private static Option<string> Named(string name, string description) =>
        new(name) { Description = description, HelpName = "NAME", Required = true };
}
