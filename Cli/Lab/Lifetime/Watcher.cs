using System.Diagnostics;

namespace ClusterMesh.Cli.Lab.Lifetime;

/// <summary>
/// A shell that outlives whoever holds the lab, in a session of its own: when its input ends, because the lab is closed or its holder is
/// gone, it kills what runs in the lab's namespaces and removes these, the pins and the files. It keeps the lab's directory locked, so
/// two never have one lab; it begins with removing what an earlier one left behind.
/// </summary>
internal sealed class Watcher : IAsyncDisposable
{
    // A lock on a directory that was removed meanwhile is worth nothing: then once more.
    private const string Script = """
        exec 2>/dev/null
        d=$1 pins=$2 prefix=$3
        while :; do
          mkdir -p -m 711 "$d" && exec 9<"$d" && flock -w 20 9 || { echo "another process holds $d"; exit 1; }
          [ "$(stat -Lc %i /proc/self/fd/9)" = "$(stat -c %i "$d")" ] && break
        done
        clean() {
          for n in /run/netns/"$prefix"*; do
            [ -e "$n" ] || continue
            for p in $(ip netns pids "${n##*/}"); do kill -9 "$p"; done
          done
          for n in /run/netns/"$prefix"*; do [ -e "$n" ] && ip netns delete "${n##*/}"; done
          rm -rf "$pins"
        }
        clean; rm -rf "$d"/*
        echo held
        cat >/dev/null
        clean; rm -rf "$d"
        exit 0
        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private Watcher(Process process) => _process = process;

    /// <summary>When this returns the lab's directory is ours and empty, and nothing of an earlier lab of the name is left.</summary>
    /// <exception cref="LabException">Somebody else holds the lab.</exception>
    public static async Task<Watcher> StartAsync(LabPaths paths, CancellationToken cancel)
    {
        var start = new ProcessStartInfo("setsid", ["/bin/sh", "-c", Script, "sh", paths.Directory, paths.Pins, paths.NetnsPrefix]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var watcher = new Watcher(Process.Start(start)!);
        var said = await watcher._process.StandardOutput.ReadLineAsync(cancel);
        if (said == "held") return watcher;
        await watcher.DisposeAsync();
        throw new LabException($"lab {paths.Name}: {said ?? "the watcher of its namespaces ended"}");
    }

    /// <summary>Everything is gone when this returns.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var timeout = new CancellationTokenSource(s_patience);
        await _process.WaitForExitAsync(timeout.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _process.Dispose();
    }
}
