using System.Net.Sockets;
using System.Text.Json;
using ClusterMesh.Cli.Admin;
using ClusterMesh.Cli.Processes;

namespace ClusterMesh.Cli.Lab.Lifetime;

/// <summary>Does what commands ask of a lab that is up. The socket is in a directory that only its owner may enter.</summary>
internal sealed class LabServer : IDisposable
{
    private const int MaxRequest = 16 * 1024 * 1024;

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly LabVerbs _verbs;

    public LabServer(LabPaths paths, LabVerbs verbs)
    {
        _verbs = verbs;
        _listener.Bind(new UnixDomainSocketEndPoint(paths.Control));
        _listener.Listen();
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                _ = AnswerAsync(await _listener.AcceptAsync(stop), stop);
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                if (stop.IsCancellationRequested) return;
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    private async Task AnswerAsync(Socket socket, CancellationToken stop)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            var reply = await DoAsync(await ReadAsync(stream, stop), stop);
            await stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(reply, LabJson.Default.LabReply), stop);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // Whoever asked has gone.
        }
    }

    private async Task<LabReply> DoAsync(byte[] request, CancellationToken stop)
    {
        try
        {
            var asked = JsonSerializer.Deserialize(request, LabJson.Default.LabRequest) ?? throw new LabException("the request is empty");
            return new(null, await _verbs.DoAsync(asked, stop));
        }
        catch (Exception error) when (error is LabException or LaunchException or AdminException or JsonException)
        {
            return new(error.Message, []);
        }
    }

    /// <summary>Until whoever asks has said all.</summary>
    private static async Task<byte[]> ReadAsync(Stream stream, CancellationToken stop)
    {
        using var request = new MemoryStream();
        var buffer = new byte[8192];
        while (await stream.ReadAsync(buffer, stop) is var read and > 0)
        {
            if (request.Length + read > MaxRequest) throw new IOException("too large");
            request.Write(buffer, 0, read);
        }

        return request.ToArray();
    }
}
