using ClusterMesh.Cli.Lab.Lifetime;
using ClusterMesh.Cli.Processes;

namespace ClusterMesh.Cli.Lab.Nodes;

/// <summary>A process of the lab: what it says is in its log.</summary>
internal sealed class LabProcess : IDisposable
{
    private readonly Child _child;
    private int _disposed;

    private LabProcess(Child child, string log) => (_child, Log, Id, Ended) = (child, log, ProcessId.Of(child.Id), child.Ended);

    public string Name => _child.Name;

    public string Log { get; }

    /// <summary>Of the shell that it is tethered to, where it is.</summary>
    public ProcessId? Id { get; }

    public bool Running => Volatile.Read(ref _disposed) == 0 && _child.Running;

    /// <summary>Done when it ends.</summary>
    public Task Ended { get; }

    public LabProcessState State => new(Name, Id, Log);

    /// <param name="tethered">It does not end by itself when its input does.</param>
    /// <exception cref="LaunchException"/>
    public static LabProcess Start(string name, string log, Launch program, bool tethered, params IEnumerable<string> arguments)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        var logged = LogFile.Around(log, program);
        return new(tethered ? Child.StartTethered(name, logged, arguments) : Child.Start(name, logged, arguments), log);
    }

    /// <exception cref="LabException">It has ended.</exception>
    public void ThrowIfEnded()
    {
        if (!Running) throw new LabException($"{Name} ended: {LogFile.Tail(Log)} ({Log})");
    }

    /// <summary>SIGKILL, and gone when this returns.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) _child.Dispose();
    }
}
