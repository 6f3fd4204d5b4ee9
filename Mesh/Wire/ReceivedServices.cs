using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Wire.Protos;
using ServicePort = ClusterMesh.Mesh.Objects.ServicePort;

namespace ClusterMesh.Mesh.Wire;

/// <summary>Services and their backends, which are told apart as they change apart.</summary>
internal sealed class ReceivedServices : IReceived
{
    private readonly ReceivedObjects<Service, ServiceObject> _objects = new(message => ObjectDecoding.Decode(message), static message => message.Meta);
    private readonly Dictionary<ObjectKey, Protos.ServiceBackends> _backends = [];
    private readonly HashSet<ObjectKey> _changed = [];
    private ImmutableDictionary<ObjectKey, ServiceModel> _services = ImmutableDictionary<ObjectKey, ServiceModel>.Empty;
    private HashSet<ObjectKey>? _told;

    public void Take(Service message)
    {
        var (key, changed) = _objects.Take(message);
        _told?.Add(key);
        if (changed) _changed.Add(key);
    }

    public void Take(Protos.ServiceBackends message)
    {
        var key = new ObjectKey(message.Namespace, message.Name);
        _backends[key] = message;
        _changed.Add(key);
    }

    public void Begin()
    {
        _objects.Begin();
        _told = [];
    }

    public void End()
    {
        foreach (var key in _services.Keys.Where(key => !_told!.Contains(key))) Remove(key);
        _objects.End();
        _told = null;
    }

    public void Remove(ObjectKey key)
    {
        _objects.Remove(key);
        _backends.Remove(key);
        _changed.Add(key);
    }

    public void Built() => _objects.Built();

    /// <summary>All services, and those that differ from the last time.</summary>
    public (ImmutableDictionary<ObjectKey, ServiceModel> Services, ImmutableArray<ObjectKey> Changed) Build()
    {
        var services = _services.ToBuilder();
        var changed = ImmutableArray.CreateBuilder<ObjectKey>(_changed.Count);
        foreach (var key in _changed)
        {
            var before = _services.GetValueOrDefault(key);
            var now = _objects.Find(key) is { } service ? Model(service, before) : null;
            if (ReferenceEquals(before, now)) continue;
            if (now is null) services.Remove(key);
            else services[key] = now;
            changed.Add(key);
        }

        _changed.Clear();
        _backends.Clear();
        return (_services = services.ToImmutable(), changed.ToImmutable());
    }

    private ServiceModel Model(ServiceObject service, ServiceModel? before)
    {
        _backends.TryGetValue(service.Key, out var told);
        var ports = service.Ports.Where(port => port.Protocol == "TCP").Select(port => Port(port, told, before?.Ports.FirstOrDefault(old => Is(old.Port, port)))).ToImmutableArray();
        if (before is not null && ReferenceEquals(before.Object, service))
            return before.Ports.SequenceEqual(ports, static (old, now) => ReferenceEquals(old, now)) ? before : before with { Ports = ports };
        // What is wrong with the annotations has been told by the agent.
        return ServiceModel.Read(service, static (_, _, _) => { }) with { Ports = ports };
    }

    private static ServicePortModel Port(ServicePort port, Protos.ServiceBackends? told, ServicePortModel? before)
    {
        if (told is null) return before is null ? new(port, []) : before.Port == port ? before : new(port, before.Backends);
        var message = told.Ports.FirstOrDefault(candidate => candidate.PortName == port.Name && candidate.Port == port.Port);
        var backends = message is null ? [] : BackendEncoding.Decode(message, before?.Backends ?? default);
        return before is not null && before.Port == port && before.Backends.Equals(backends) ? before : new(port, backends);
    }

    private static bool Is(ServicePort before, ServicePort now) => before.Name == now.Name && before.Port == now.Port;
}
