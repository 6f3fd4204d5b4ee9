namespace ClusterMesh.Cli.Bootstrap;

/// <summary>
/// Makes a running, empty etcd a cluster's: certificates, users, roles, authentication, and the files that say so. Whatever is
/// there already is kept, so that running it again mends what is missing.
/// </summary>
/// <param name="say">Told of each thing done, in a line.</param>
internal sealed class EtcdBootstrap(TimeProvider time, Action<string> say)
{
    /// <exception cref="BootstrapException">Nothing but certificates was made, or what is missing is made by running it again.</exception>
    public async Task RunAsync(ClusterHome home, ClusterSettings cluster, CancellationToken cancel)
    {
        Check(home, cluster);
        using (var authority = HomeAuthority.Load(home, time))
        {
            if (HomeCertificates.Ensure(authority, home.Directory, ClusterHome.AgentName, EtcdAccess.AgentOf(cluster.Name), renew: false, time) is { } issue)
                say(issue.ToString());
        }

        await using var etcd = await RootEtcd.OpenAsync(home, cluster, time, say, cancel);
        say($"etcd {etcd.Status.Version} answers at {string.Join(", ", cluster.Endpoints.Select(EtcdEndpoint.Text))}");
        var access = new EtcdAccess(cluster.Name, []);
        var made = await etcd.ApplyAsync(access, cancel);
        foreach (var role in access.Roles.Where(role => role.Permissions.Length > 0))
            say($"role {role.Name}: {string.Join(", ", role.Permissions)}");
        foreach (var (user, role) in access.Users)
            say($"user {user}, role {role}: {(made.Contains(user) ? "made" : "was there")}");
        say("authentication is on");

        var agent = new EtcdClientFile(
            cluster.Endpoints, Path.GetFileName(home.CaCertificate), Path.GetFileName(home.Certificate(ClusterHome.AgentName)), Path.GetFileName(home.Key(ClusterHome.AgentName)));
        agent.Write(home.EtcdFile);
        cluster.Write(home);
        say($"{home.ClusterFile} and {home.EtcdFile} written");
        if (CertificateFile.Read(home.Certificate(ClusterHome.EtcdName)) is { } server && server.NotAfter < time.GetUtcNow() + HomeCertificates.RenewalMargin)
            say($"{server.Path} ends {server.NotAfter.ToUniversalTime():yyyy-MM-dd}: renew it with `clustermesh cert issue {home.Directory} {ClusterHome.EtcdName}`; etcd takes it without a restart");
    }

    private static void Check(ClusterHome home, ClusterSettings cluster)
    {
        if ((ClusterIdentity.NameError(cluster.Name) ?? ClusterIdentity.IdError(cluster.Id)) is { } error)
            throw new BootstrapException(error);
        if (ClusterSettings.ReadIfThere(home) is { } before && (before.Name, before.Id) != (cluster.Name, cluster.Id))
            throw new BootstrapException($"{home.ClusterFile} says that this is cluster {before.Name} with id {before.Id}: both are for life, as every workload's identity has them; for another cluster take another directory");
    }
}
