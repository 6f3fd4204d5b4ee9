using ClusterMesh.Proxy.Hosting;
using System.Runtime.InteropServices;
using ClusterMesh.Ingress.Options;
using ClusterMesh.Proxy.Admin;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Ingress.Hosting;

/// <summary>
/// The order of an end without a lost request (peers.md section 4): not ready at once; keep serving while load balancers find
/// out, asking each connection to close with its next response; only then stop.
/// </summary>
internal static class Drain
{
    /// <summary>Completes when a signal came and the delay is over. A second signal does not wait.</summary>
    public static async Task OnSignal(Lifecycle lifecycle, IngressOptions options, ILogger log, TimeProvider time)
    {
        var first = new TaskCompletionSource<PosixSignal>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var hurry = new CancellationTokenSource();
        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            if (!first.TrySetResult(context.Signal)) hurry.Cancel();
        }

        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        var signal = await first.Task;
        lifecycle.Drain();
        Log.Draining(log, signal.ToString(), options.DrainDelay);
        await Task.Delay(options.DrainDelay, time, hurry.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
    }
}
