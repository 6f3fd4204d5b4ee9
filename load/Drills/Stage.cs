using System.Net;
using ClusterMesh.Load.Processes;

namespace ClusterMesh.Load.Drills;

/// <summary>Everything a drill starts or writes; all of it is gone when the drill ends, however it ends.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(25);

    private readonly List<ChildProcess> _processes = [];

    public Stage(string name, bool keepFiles)
    {
        KeepFiles = keepFiles;
        Root = Directory.CreateTempSubdirectory($"clustermesh-{name}-").FullName;
        var staging = Directory.CreateDirectory(Path.Combine(Root, "staging")).FullName;
        West = new ManifestDirectory(Directory.CreateDirectory(Path.Combine(Root, "west")).FullName, staging);
        East = new ManifestDirectory(Directory.CreateDirectory(Path.Combine(Root, "east")).FullName, staging);
    }

    /// <summary>A directory of our own for whatever the processes write.</summary>
    public string Root { get; }

    /// <summary>Leaves manifests and logs for a look.</summary>
    public bool KeepFiles { get; set; }

    /// <summary>What ended without being asked to.</summary>
    public IEnumerable<ChildProcess> Crashed => _processes.Where(p => p.Exited && !p.Signalled);

    public ManifestDirectory West { get; }

    public ManifestDirectory East { get; }

    public ChildProcess Start(ProcessCommand command)
    {
        var process = ChildProcess.Start(command, Path.Combine(Root, $"{command.Name}.log"));
        _processes.Add(process);
        return process;
    }

    /// <summary>Starts backends side by side and waits until each of them answers.</summary>
    public async Task<IReadOnlyList<ChildProcess>> StartAsync(IReadOnlyList<Backend> backends, CancellationToken stop)
    {
        var processes = backends.Select(b => Start(b.Command)).ToArray();
        foreach (var (backend, process) in backends.Zip(processes))
            await UntilAnswersAsync(process, backend.Address, stop);
        return processes;
    }

    public Task UntilAnswersAsync(ChildProcess process, IPEndPoint address, CancellationToken stop) =>
        Until.RequiredAsync($"{process.Name} answers", () => Ports.AnswersAsync(address, Alive(process, stop)), StartTime, stop);

    /// <summary>Writes a configuration file and returns its path.</summary>
    public string WriteFile(string name, string text)
    {
        var path = Path.Combine(Root, name);
        File.WriteAllText(path, text);
        return path;
    }

    public async Task<Gateway> StartGatewayAsync(string name, CancellationToken stop)
    {
        var gateway = Gateway.Start(this, name);
        await Until.RequiredAsync($"{name} is ready", () => gateway.IsReadyAsync(Alive(gateway.Process, stop)), StartTime, stop);
        return gateway;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_processes.Select(p => p.DisposeAsync().AsTask()));
        if (KeepFiles)
            Console.WriteLine($"  files and logs kept in {Root}");
        else
            Directory.Delete(Root, recursive: true);
    }

    /// <summary>A process that has ended never becomes ready: say at once why.</summary>
    private static CancellationToken Alive(ChildProcess process, CancellationToken stop) => process.Exited
        ? throw new InvalidOperationException($"{process.Name} ended with {process.ExitCode}: {Tail(process.Log)}")
        : stop;

    private static string Tail(string log) => string.Join(" | ", File.ReadLines(log).TakeLast(5));
}
