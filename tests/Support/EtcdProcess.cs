using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace ClusterMesh.Tests;

/// <summary>A real etcd on loopback, with ports and a data directory that outlive its end and restart. Gone with the test process.</summary>
internal sealed class EtcdProcess : IAsyncDisposable
{
    // Standard input is ours: when it closes, because we say so or because we are gone, etcd is killed.
    private const string Script = "exec 3<&0; \"$@\" <&- & p=$!; (cat <&3 >/dev/null; kill -9 $p 2>/dev/null) & wait $p";

    private readonly EtcdTls? _tls;
    private readonly ImmutableArray<string> _extra;
    private readonly string _directory = Directory.CreateTempSubdirectory("clustermesh-etcd-").FullName;
    private readonly int _port = FreePort(), _peerPort = FreePort();
    private readonly Queue<string> _said = new();
    private Process? _process;
    private int _life;

    private EtcdProcess(EtcdTls? tls, ImmutableArray<string> extra) => (_tls, _extra) = (tls, extra);

    public Uri Endpoint => new($"{(_tls is null ? "http" : "https")}://127.0.0.1:{_port}");

    public int Port => _port;

    /// <summary>Starts one and returns when it serves.</summary>
    public static async Task<EtcdProcess> StartAsync(EtcdTls? tls = null, params ImmutableArray<string> extra)
    {
        var etcd = new EtcdProcess(tls, extra);
        await etcd.StartAgainAsync();
        return etcd;
    }

    /// <summary>Starts it after <see cref="Kill"/>, on the same address.</summary>
    /// <param name="emptied">With an empty data directory: another etcd cluster, with another cluster id.</param>
    public async Task StartAgainAsync(bool emptied = false)
    {
        if (emptied) _life++;
        var scheme = Endpoint.Scheme;
        string[] arguments =
        [
            "-c", Script, "sh", "etcd", "--name", "e1", "--data-dir", Path.Combine(_directory, $"data-{_life}"),
            "--listen-client-urls", $"{scheme}://127.0.0.1:{_port}", "--advertise-client-urls", $"{scheme}://127.0.0.1:{_port}",
            "--listen-peer-urls", $"http://127.0.0.1:{_peerPort}", "--initial-advertise-peer-urls", $"http://127.0.0.1:{_peerPort}",
            "--initial-cluster", $"e1=http://127.0.0.1:{_peerPort}", "--initial-cluster-token", $"life-{_port}-{_life}", "--log-level", "warn",
            .. _tls is null ? [] : new[] { "--cert-file", _tls.CertFile, "--key-file", _tls.KeyFile, "--trusted-ca-file", _tls.TrustedCaFile, "--client-cert-auth" },
            .. _extra,
        ];
        var process = _process = Process.Start(new ProcessStartInfo("/bin/sh", arguments) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await Eventually.TrueAsync(() => process.HasExited ? throw new InvalidOperationException($"etcd ended: {LastWords}") : Listens(), $"etcd listens at {Endpoint}: {LastWords}", 30);
    }

    /// <summary>SIGKILL, and gone when this returns.</summary>
    public void Kill()
    {
        if (_process is not { } process) return;
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
        _process = null;
    }

    /// <summary>Runs etcdctl and gives what it printed. With TLS the caller says with which files.</summary>
    public async Task<string> CtlAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("etcdctl", ["--endpoints", Endpoint.GetLeftPart(UriPartial.Authority), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ETCDCTL_API"] = "3";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"etcdctl {string.Join(' ', arguments)}: {await error}");
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Below the kernel's range for outgoing connections: while etcd is down, one of those that try to reach it could be given the
    /// port as its own, and would even be connected to itself.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(20_000, 32_768);
            try
            {
                using var socket = new TcpListener(IPAddress.Loopback, port);
                socket.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }
    }

    private string LastWords
    {
        get
        {
            lock (_said) return string.Join(" | ", _said);
        }
    }

    private bool Listens()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_said)
        {
            _said.Enqueue(line);
            if (_said.Count > 4) _said.Dequeue();
        }
    }
}

/// <summary>Files of a TLS server that demands client certificates.</summary>
internal sealed record EtcdTls(string TrustedCaFile, string CertFile, string KeyFile);
