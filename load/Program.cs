using System.Runtime.InteropServices;
using ClusterMesh.Load;
using ClusterMesh.Load.Bench;
using ClusterMesh.Load.Drills;

const string Usage = """
    usage: run URL [--rate N] [--seconds N] [--warm-up N] [--host NAME] [--connections N]
           drill NAME [--rate N] [--keep-files]
           bench --out FILE [--quick]
    """;

// Load shares its cores with what it measures: completions run where the kernel reports them, without a hand-off.
if (args is ["run", ..])
    Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    var arguments = Arguments.Parse(args);
    return arguments.Words.FirstOrDefault() switch
    {
        "run" => await RunCommand.RunAsync(arguments, stop.Token),
        "drill" => await DrillCommand.RunAsync(arguments, stop.Token),
        "bench" => await BenchCommand.RunAsync(arguments, stop.Token),
        _ => throw new FormatException("say what to do"),
    };
}
catch (FormatException e)
{
    Console.Error.WriteLine($"{e.Message}\n{Usage}");
    return 2;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("stopped");
    return 130;
}

void Stop(PosixSignalContext context)
{
    // Everything started is ended on the way out, so the process must leave by its own road.
    context.Cancel = true;
    stop.Cancel();
}
