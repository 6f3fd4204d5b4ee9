using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Maps;

namespace ClusterMesh.Bpf.Connections;

/// <summary>
/// Deletes the connections whose time is over. Programs pass them by anyway: this makes room, before the kernel takes it from the least
/// recently used, and tells of ends without a FIN.
/// </summary>
internal sealed class ConnectionSweeper(TypedMap<ConnectionKey, Connection> connections, TimeProvider time)
{
    private const byte Tcp = 6;

    public ConnectionSweep Sweep()
    {
        var now = (uint)(time.GetTimestamp() / time.TimestampFrequency);
        var live = Enum.GetValues<ConnectionState>().ToDictionary(state => state, _ => 0);
        var ended = new List<KeyValuePair<ConnectionKey, Connection>>();
        var deleted = 0;
        foreach (var (key, connection) in connections.Read())
        {
            if (connection.Expires > now)
            {
                live[StateOf(key, connection)]++;
                continue;
            }

            // It may have begun anew since it was read; between this look and the deletion are microseconds.
            if (!connections.TryGet(key, out var last) || last.Expires > now || !connections.Delete(key)) continue;
            deleted++;
            if (key.Scope != Scope.Service && !last.Flags.HasFlag(ConnectionFlags.Told)) ended.Add(new(key, last));
        }

        return new(live, ended, deleted);
    }

    internal static ConnectionState StateOf(ConnectionKey key, Connection connection)
    {
        if (key.Scope == Scope.Service) return ConnectionState.Service;
        if (key.Protocol != Tcp) return ConnectionState.Other;
        const ConnectionFlags Both = ConnectionFlags.Fin | ConnectionFlags.ReplyFin;
        if (connection.Flags.HasFlag(ConnectionFlags.Reset) || connection.Flags.HasFlag(Both)) return ConnectionState.Closing;
        return connection.Flags.HasFlag(ConnectionFlags.Answered) ? ConnectionState.Established : ConnectionState.Opening;
    }
}
