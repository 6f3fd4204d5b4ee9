using System.Net.Sockets;
using System.Text.Json;

namespace ClusterMesh.Cli.Lab.Lifetime;

/// <summary>Asks a lab that `lab up` left standing.</summary>
internal static class LabClient
{
    /// <returns>What it says.</returns>
    /// <exception cref="LabException">It is not up, or refuses.</exception>
    public static async Task<IReadOnlyList<string>> AskAsync(LabPaths paths, LabRequest request, CancellationToken cancel)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(paths.Control), cancel);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(request, LabJson.Default.LabRequest), cancel);
            socket.Shutdown(SocketShutdown.Send);
            var reply = await JsonSerializer.DeserializeAsync(stream, LabJson.Default.LabReply, cancel);
            return reply is { Error: null } ? reply.Said : throw new LabException(reply?.Error ?? "the lab said nothing");
        }
        catch (Exception error) when (error is SocketException or IOException or JsonException)
        {
            throw new LabException($"lab {paths.Name} is not up, or not to be asked ({error.Message}); `clustermesh lab up --name {paths.Name}` starts it", error);
        }
    }
}
