using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Cli.Bootstrap;

/// <summary>A cluster's own etcd, entered with the certificate of root from the cluster's home.</summary>
internal sealed class RootEtcd : IAsyncDisposable
{
    private readonly ClusterHome _home;
    private readonly ClusterSettings _cluster;
    private readonly Action<string> _say;
    private readonly IEtcdClient _client;

    private RootEtcd(ClusterHome home, ClusterSettings cluster, Action<string> say, IEtcdClient client) => (_home, _cluster, _say, _client) = (home, cluster, say, client);

    public EtcdStatus Status { get; private set; } = new("", 0, 0, HasLeader: false, 0);

    /// <summary>Connected, and answering; root's certificate is issued or renewed where it must be.</summary>
    /// <exception cref="BootstrapException">It cannot be reached or entered; the message tells how to start it.</exception>
    public static async Task<RootEtcd> OpenAsync(ClusterHome home, ClusterSettings cluster, TimeProvider time, Action<string> say, CancellationToken cancel)
    {
        using (var authority = HomeAuthority.Load(home, time))
        {
            if (HomeCertificates.Ensure(authority, home.Directory, ClusterHome.RootName, EtcdAccess.Root, renew: false, time) is { } issue)
                say(issue.ToString());
        }

        var config = new EtcdConfig(cluster.Endpoints)
        {
            TrustedCaFile = home.CaCertificate, CertFile = home.Certificate(ClusterHome.RootName), KeyFile = home.Key(ClusterHome.RootName),
        };
        var etcd = new RootEtcd(home, cluster, say, EtcdClient.Open(config, time));
        try
        {
            etcd.Status = await etcd.DoAsync(client => client.StatusAsync(cancel));
            return etcd.Status.HasLeader ? etcd : throw new BootstrapException($"etcd of {cluster.Name} answers, but has no leader: most of its members must run");
        }
        catch
        {
            await etcd.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Afterwards its users and roles are there and may do just what they should, and authentication is on. Other users and roles
    /// stay as they are.
    /// </summary>
    /// <returns>The users that were not there.</returns>
    public Task<IReadOnlyList<string>> ApplyAsync(EtcdAccess access, CancellationToken cancel) => DoAsync<IReadOnlyList<string>>(async client =>
    {
        var auth = client.Auth;
        var before = await auth.UsersAsync(cancel);
        foreach (var role in access.Roles)
        {
            await auth.AddRoleAsync(role.Name, cancel);
            foreach (var permission in role.Permissions)
                await auth.GrantPermissionAsync(role.Name, permission.Key, permission.Prefix, permission.Write, cancel);
            foreach (var key in await auth.RevokeOtherPermissionsAsync(role.Name, [.. role.Permissions.Select(permission => (permission.Key, permission.Prefix))], cancel))
                _say($"role {role.Name}: a permission from {key} on, which it should not have, is taken away");
        }

        foreach (var (user, role) in access.Users)
        {
            await auth.AddUserAsync(user, cancel);
            await auth.GrantRoleAsync(user, role, cancel);
            foreach (var other in await auth.RevokeOtherRolesAsync(user, role, cancel))
                _say($"user {user}: role {other}, which it should not have, is taken away");
        }

        await auth.EnableAsync(cancel);
        return [.. access.Users.Select(user => user.User).Except(before)];
    });

    /// <returns>False when there was no such user.</returns>
    public Task<bool> DeleteUserAsync(string user, CancellationToken cancel) => DoAsync(async client =>
    {
        var found = (await client.Auth.UsersAsync(cancel)).Contains(user);
        if (found) await client.Auth.DeleteUserAsync(user, cancel);
        return found;
    });

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private async Task<T> DoAsync<T>(Func<IEtcdClient, Task<T>> act)
    {
        try
        {
            return await act(_client);
        }
        catch (EtcdException error)
        {
            var endpoints = string.Join(", ", _cluster.Endpoints.Select(EtcdEndpoint.Text));
            throw error.Error switch
            {
                EtcdError.Unavailable => new BootstrapException($"etcd of {_cluster.Name} does not answer at {endpoints} ({error.Message}); start it, then run this again:", error)
                {
                    ToRun = EtcdStart.CommandLines(_home, _cluster),
                },
                EtcdError.Tls => new BootstrapException($"etcd of {_cluster.Name} at {endpoints} and {_home.Directory} do not trust each other ({error.Message}); its certificate must have these names, and it must be started so:", error)
                {
                    ToRun = [EtcdStart.CertificateCommandLine(_home, _cluster), EtcdStart.CommandLine(_home, _cluster)],
                },
                EtcdError.PermissionDenied => new BootstrapException($"etcd of {_cluster.Name} does not let the user root in ({error.Message}): authentication is on with another root, or it was started without --client-cert-auth", error),
                _ => new BootstrapException($"etcd of {_cluster.Name}: {error.Message}", error),
            };
        }
    }
}
