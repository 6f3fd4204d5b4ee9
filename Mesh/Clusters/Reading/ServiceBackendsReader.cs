using System.Collections.Immutable;
using System.Text.Json;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Mesh.Clusters.Reading;

/// <summary>
/// The maps "backends" (address to port name to port) and "zones" (address to zone) of one service at a time, straight from the
/// JSON: at 100,000 backends the dictionaries between would cost more than all the rest.
/// </summary>
internal sealed class ServiceBackendsReader(string cluster, StringPool strings)
{
    /// <summary>Different ports of one service; Kubernetes users have a handful.</summary>
    private const int MaxPorts = 1_000;

    private readonly List<(string Name, string Protocol)> _ports = [];
    private readonly List<(int PortIndex, string Address, int Port)> _found = [];
    private readonly Dictionary<string, string> _zones = new(StringComparer.Ordinal);

    /// <summary>Why the service as a whole is not believed; null = it is.</summary>
    public string? Ignored { get; private set; }

    public void Clear()
    {
        _ports.Clear();
        _found.Clear();
        _zones.Clear();
        Ignored = null;
    }

    public void Read(ref Utf8JsonReader json)
    {
        if (!Begin(ref json)) return;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var address = Address(ref json);
            if (address is null) Ignored = IgnoredReason.BadAddress;
            if (!Begin(ref json)) continue;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName) Port(ref json, address ?? "");
        }
    }

    public void ReadZones(ref Utf8JsonReader json)
    {
        if (!Begin(ref json)) return;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var address = Address(ref json);
            if (!Begin(ref json)) continue;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isZone = json.ValueTextEquals("zone"u8);
                json.Read();
                if (!isZone || address is null) json.Skip();
                else if (json.TokenType != JsonTokenType.Null) _zones[address] = strings.Take(ref json);
            }
        }
    }

    public ImmutableArray<RemotePort> ToPorts()
    {
        var backends = _ports.ConvertAll(_ => new List<Backend>());
        foreach (var (index, address, port) in _found)
        {
            backends[index].Add(new(cluster, address, port, Zone: _zones.GetValueOrDefault(address) is { Length: > 0 } zone ? zone : null));
        }

        return [.. _ports.Select((port, index) => new RemotePort(port.Name, port.Protocol, Sorted(backends[index]))).OrderBy(port => port.Name, StringComparer.Ordinal)];
    }

    private static ImmutableArray<Backend> Sorted(List<Backend> backends)
    {
        backends.Sort(static (a, b) => string.CompareOrdinal(a.Authority, b.Authority));
        var kept = 0;
        for (var i = 0; i < backends.Count; i++)
        {
            if (kept == 0 || backends[kept - 1].Authority != backends[i].Authority) backends[kept++] = backends[i];
        }

        return [.. backends.GetRange(0, kept)];
    }

    private void Port(ref Utf8JsonReader json, string address)
    {
        var (name, protocol, port) = (strings.Take(ref json), "", 0);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) throw new JsonException("a port is an object");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("Protocol"u8)) protocol = json.Read() ? strings.Take(ref json) : "";
            else if (json.ValueTextEquals("Port"u8)) port = json.Read() && json.TryGetInt32(out var number) ? number : 0;
            else json.Skip();
        }

        if (port is < 1 or > 65535) Ignored ??= IgnoredReason.BadPort;
        var index = _ports.IndexOf((name, protocol));
        if (index < 0 && _ports.Count >= MaxPorts)
        {
            Ignored ??= IgnoredReason.TooMany;
            return;
        }

        if (index < 0)
        {
            index = _ports.Count;
            _ports.Add((name, protocol));
        }

        _found.Add((index, address, port));
    }

    // An absent map may be null, as Go writes a nil one.
    private static bool Begin(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null) return false;
        return json.TokenType == JsonTokenType.StartObject ? true : throw new JsonException("expected a map");
    }

    private static string? Address(ref Utf8JsonReader json)
    {
        Span<char> text = stackalloc char[64];
        return json.ValueSpan.Length <= text.Length ? AddressText.Read(text[..json.CopyString(text)]) : null;
    }
}
