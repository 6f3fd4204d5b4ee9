using ClusterMesh.Mesh.Pki;

namespace ClusterMesh.Cli.Bootstrap;

/// <summary>
/// Two clusters that read each other: a user in each one's etcd for the other, and in each one's remotes a file with what that
/// takes. A reader's certificate is signed by the CA of the cluster that it reads, so the two need not trust one CA.
/// </summary>
/// <param name="say">Told of each thing done, in a line.</param>
internal sealed class MeshConnection(TimeProvider time, Action<string> say)
{
    /// <param name="renew">Issues certificates anew that would be good for longer.</param>
    /// <exception cref="BootstrapException">Before both etcds have answered nothing is changed; after that, running it again mends.</exception>
    public async Task ConnectAsync(ClusterHome one, ClusterHome other, bool renew, CancellationToken cancel)
    {
        var (first, second) = Pair(one, other);
        await using var firstEtcd = await RootEtcd.OpenAsync(one, first, time, say, cancel);
        await using var secondEtcd = await RootEtcd.OpenAsync(other, second, time, say, cancel);
        if (firstEtcd.Status.ClusterId == secondEtcd.Status.ClusterId)
            throw new BootstrapException($"{first.Name} and {second.Name} answer from the same etcd: each cluster needs its own");
        await AdmitAsync(firstEtcd, first, second.Name, cancel);
        await AdmitAsync(secondEtcd, second, first.Name, cancel);
        WriteRemote(one, first.Name, other, second, renew);
        WriteRemote(other, second.Name, one, first, renew);
    }

    /// <summary>Removes the files of both sides, then the users; the first alone already ends the connection.</summary>
    /// <exception cref="BootstrapException">The files are gone, but a user could not be removed.</exception>
    public async Task DisconnectAsync(ClusterHome one, ClusterHome other, CancellationToken cancel)
    {
        var (first, second) = Pair(one, other);
        RemoveRemote(one, second.Name);
        RemoveRemote(other, first.Name);
        string?[] left = [await DismissAsync(one, first, second.Name, cancel), await DismissAsync(other, second, first.Name, cancel)];
        if (left.OfType<string>().ToArray() is { Length: > 0 } errors)
            throw new BootstrapException($"{string.Join("; ", errors)}; run this again to remove what is left");
    }

    private static (ClusterSettings First, ClusterSettings Second) Pair(ClusterHome one, ClusterHome other)
    {
        var (first, second) = (ClusterSettings.Read(one), ClusterSettings.Read(other));
        if (first.Name == second.Name)
            throw new BootstrapException($"{one.ClusterFile} and {other.ClusterFile} have the same name, {first.Name}: every cluster of a mesh needs its own");
        if (first.Id == second.Id)
            throw new BootstrapException($"{one.ClusterFile} and {other.ClusterFile} have the same id, {first.Id}: every cluster of a mesh needs its own, as identities carry it");
        return (first, second);
    }

    private async Task AdmitAsync(RootEtcd etcd, ClusterSettings cluster, string peer, CancellationToken cancel)
    {
        var made = await etcd.ApplyAsync(new(cluster.Name, [peer]), cancel);
        var user = EtcdAccess.RemoteOf(peer);
        say($"etcd of {cluster.Name}: user {user} with role remote {(made.Contains(user) ? "made" : "was there")}");
    }

    /// <returns>What could not be done.</returns>
    private async Task<string?> DismissAsync(ClusterHome home, ClusterSettings cluster, string peer, CancellationToken cancel)
    {
        var user = EtcdAccess.RemoteOf(peer);
        try
        {
            await using var etcd = await RootEtcd.OpenAsync(home, cluster, time, say, cancel);
            say($"etcd of {cluster.Name}: user {user} {(await etcd.DeleteUserAsync(user, cancel) ? "removed" : "was not there")}");
            return null;
        }
        catch (BootstrapException error)
        {
            return $"etcd of {cluster.Name} still has the user {user} ({error.Message})";
        }
    }

    private void WriteRemote(ClusterHome reader, string readerName, ClusterHome owner, ClusterSettings owned, bool renew)
    {
        var remote = new RemoteFiles(reader, owned.Name);
        using var authority = HomeAuthority.Load(owner, time);
        var (issue, changed) = remote.Write(authority, EtcdAccess.RemoteOf(readerName), owned.ForOthers, renew, time);
        if (issue is not null) say(issue.ToString());
        say($"{remote.Yaml} {(changed ? "written" : "was there")}: {readerName} reads {owned.Name} at {string.Join(", ", owned.ForOthers.Select(EtcdEndpoint.Text))}");
    }

    private void RemoveRemote(ClusterHome reader, string peer)
    {
        var remote = new RemoteFiles(reader, peer);
        say(remote.Remove() ? $"{remote.Yaml} and its certificates removed" : $"{remote.Yaml} was not there");
    }
}
