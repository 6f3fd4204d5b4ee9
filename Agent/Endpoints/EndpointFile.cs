using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using ClusterMesh.Agent.Network;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Agent.Endpoints;

/// <summary>endpoints.json in the state directory: replaced as a whole, so that it is the old or the new one whatever happens.</summary>
internal sealed class EndpointFile(string directory)
{
    public string Path { get; } = System.IO.Path.Combine(directory, "endpoints.json");

    /// <summary>Empty where there is none.</summary>
    /// <exception cref="IOException">It cannot be read, or is not what an agent wrote: to start without it would be to forget pods.</exception>
    public EndpointState Read()
    {
        if (!File.Exists(Path)) return EndpointState.Empty;
        try
        {
            var record = JsonSerializer.Deserialize(File.ReadAllBytes(Path), EndpointFileJson.Default.EndpointFileRecord) ?? throw new JsonException("it is empty");
            return new(
                record.Endpoints.Select(Model).ToImmutableDictionary(endpoint => endpoint.Pod), (ushort)record.LastId, [.. record.Released.Select(IPAddress.Parse)]);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or ArgumentException or NullReferenceException)
        {
            throw new IOException($"{Path} is not a list of endpoints: {exception.Message}; repair it, or take it away once no pods are left here", exception);
        }
    }

    /// <exception cref="IOException">The old one stays.</exception>
    public void Write(EndpointState state)
    {
        Directory.CreateDirectory(directory);
        var record = new EndpointFileRecord(
            state.LastId, [.. state.Released.Select(address => address.ToString())],
            [.. state.Endpoints.Values.OrderBy(endpoint => endpoint.Id).Select(endpoint => new EndpointFileEntry(
                endpoint.Id, endpoint.Pod.Namespace, endpoint.Pod.Name, endpoint.Netns, endpoint.Address.ToString(), endpoint.Interface, endpoint.Mtu))]);
        var next = Path + ".new";
        using (var file = new FileStream(next, FileMode.Create))
        {
            JsonSerializer.Serialize(file, record, EndpointFileJson.Default.EndpointFileRecord);
            file.Flush(flushToDisk: true);
        }

        File.Move(next, Path, overwrite: true);
    }

    // An interface that is gone has the number 0.
    private static PodEndpoint Model(EndpointFileEntry entry)
    {
        var endpoint = new PodEndpoint((ushort)entry.Id, new(entry.Namespace, entry.Pod), entry.Netns, IPAddress.Parse(entry.Address), entry.Interface, 0, entry.Mtu);
        return endpoint with { Ifindex = Interfaces.IndexOf(endpoint.Names.Interface) };
    }
}
