using System.Net;
using System.Net.Sockets;
using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Cli.Inspect;

/// <summary>The way to one endpoint: its name, its port, its TLS.</summary>
internal sealed class EndpointSteps(EtcdConfig config, TimeProvider time)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<InspectStep>> TryAsync(Uri endpoint, CancellationToken cancel)
    {
        var steps = new List<InspectStep>();
        var text = EtcdEndpoint.Text(endpoint);
        var (dns, addresses) = await ResolveAsync(endpoint.IdnHost.Trim('[', ']'), cancel);
        steps.Add(dns with { Endpoint = text });
        if (dns.Verdict == Verdict.Failed) return steps;

        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var tcp = await ConnectAsync(socket, addresses, endpoint.Port, cancel);
        steps.Add(tcp with { Endpoint = text });
        if (tcp.Verdict == Verdict.Failed) return steps;

        await using var stream = new NetworkStream(socket);
        using var patience = new CancellationTokenSource(s_patience, time);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        steps.Add(await TlsStep.TryAsync(stream, endpoint, config, time, timeout.Token) with { Endpoint = text });
        cancel.ThrowIfCancellationRequested();
        return steps;
    }

    private async Task<(InspectStep Step, IPAddress[] Addresses)> ResolveAsync(string host, CancellationToken cancel)
    {
        if (IPAddress.TryParse(host, out var address)) return (InspectStep.Ok(InspectSteps.Dns, $"{host} is an address"), [address]);
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, cancel).WaitAsync(s_patience, time, cancel);
            if (addresses.Length > 0) return (InspectStep.Ok(InspectSteps.Dns, $"{host} is {string.Join(", ", addresses.Select(each => each.ToString()))}"), addresses);
        }
        catch (Exception error) when (error is SocketException or TimeoutException)
        {
            return (Unknown(error.Message), []);
        }

        return (Unknown("no address"), []);

        InspectStep Unknown(string why) => InspectStep.Failed(InspectSteps.Dns, $"{host}: {why}", "make the name known to this machine (DNS, /etc/hosts), or write an address into the file's endpoints");
    }

    private static IPEndPoint Connected(Socket socket)
    {
        var peer = (IPEndPoint)socket.RemoteEndPoint!;
        return peer.Address.IsIPv4MappedToIPv6 ? new(peer.Address.MapToIPv4(), peer.Port) : peer;
    }

    private async Task<InspectStep> ConnectAsync(Socket socket, IPAddress[] addresses, int port, CancellationToken cancel)
    {
        var start = time.GetTimestamp();
        using var patience = new CancellationTokenSource(s_patience, time);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            await socket.ConnectAsync(addresses, port, timeout.Token);
            return InspectStep.Ok(InspectSteps.Tcp, FormattableString.Invariant($"connected to {Connected(socket)} in {time.GetElapsedTime(start).TotalMilliseconds:0.#} ms"));
        }
        catch (SocketException error)
        {
            return InspectStep.Failed(InspectSteps.Tcp, $"port {port}: {error.Message}", "see that the remote's etcd runs and listens there, and that a firewall lets this machine through");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return InspectStep.Failed(InspectSteps.Tcp, $"port {port}: no answer in {s_patience.TotalSeconds} s", "something on the way drops packets: check firewalls and routes to the remote");
        }
    }
}
