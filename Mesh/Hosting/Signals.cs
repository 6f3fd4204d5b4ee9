using System.Runtime.InteropServices;

namespace ClusterMesh.Mesh.Hosting;

/// <summary>SIGTERM and SIGINT.</summary>
public static class Signals
{
    /// <summary>The first that comes; a second one ends the process at once.</summary>
    public static async Task<PosixSignal> FirstAsync()
    {
        var first = new TaskCompletionSource<PosixSignal>(TaskCreationOptions.RunContinuationsAsynchronously);
        void OnSignal(PosixSignalContext context) => context.Cancel = first.TrySetResult(context.Signal);
        // Kept for the life of the process: the end of it may take a moment.
        var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        var signal = await first.Task;
        GC.KeepAlive((term, interrupt));
        return signal;
    }
}
