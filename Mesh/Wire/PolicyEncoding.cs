using System.Collections.Immutable;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Http;
using ClusterMesh.Mesh.Policy.Rules;
using Google.Protobuf;
using Messages = ClusterMesh.Mesh.Wire.Protos;
using NodeEndpoint = ClusterMesh.Mesh.Policy.NodeEndpoint;

namespace ClusterMesh.Mesh.Wire;

/// <summary>Endpoints and rows of policies as messages (Mesh/Wire/Protos/policies.proto).</summary>
internal static class PolicyEncoding
{
    public static Messages.NodeEndpoint Encode(NodeEndpoint endpoint, uint policy) => new()
    {
        Id = endpoint.Id,
        Address = ByteString.CopyFrom(endpoint.Address.GetAddressBytes()),
        Namespace = endpoint.Pod.Namespace,
        Pod = endpoint.Pod.Name,
        Identity = endpoint.Identity,
        Policy = policy,
    };

    public static Messages.PolicyPart Head(uint number, DirectionPolicy policy) => new()
    {
        Policy = number,
        Egress = policy.Direction is PolicyDirection.Egress,
        Head = new() { DefaultDeny = policy.DefaultDeny, IsolatedBy = { policy.IsolatedBy } },
    };

    public static Messages.PolicyPart Rows(uint number, PolicyDirection direction, IEnumerable<uint> identities, ImmutableArray<PolicyRow> rows) => new()
    {
        Policy = number, Egress = direction is PolicyDirection.Egress, Identities = { identities }, Rows = { rows.Select(Encode) },
    };

    private static Messages.PortRow Encode(PolicyRow row)
    {
        var message = new Messages.PortRow
        {
            Protocol = (uint)row.Ports.Protocol, Port = row.Ports.Port, Length = row.Ports.Length, Denies = row.Denies, Origin = Encode(row.Origin), Redirects = row.Http is not null,
        };
        if (row.Http is { } http) message.Http.AddRange(http.All.Select(one => new Messages.HttpAllowance { Origin = Encode(one.Origin), Rule = one.Rule is { } rule ? Encode(rule) : null }));
        return message;
    }

    private static Messages.RuleOrigin Encode(RuleOrigin origin) => new() { Policy = origin.Policy, Rule = origin.Rule };

    private static Messages.HttpRule Encode(HttpRule rule)
    {
        var message = new Messages.HttpRule { Headers = { rule.Headers.Select(Encode) } };
        if (rule.Method is { } method) message.Method = method.Text;
        if (rule.Path is { } path) message.Path = path.Text;
        if (rule.Host is { } host) message.Host = host.Text;
        return message;
    }

    private static Messages.HeaderMatch Encode(HeaderMatch header)
    {
        var message = new Messages.HeaderMatch { Name = header.Name, Mismatch = (int)header.Mismatch };
        if (header.Value is { } value) message.Value = value;
        return message;
    }
}
