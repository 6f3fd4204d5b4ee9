using System.CommandLine;
using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh etcd init DIR: users, roles and authentication of a cluster's etcd.</summary>
internal static class EtcdInitCommand
{
    public static Command Create(Screen screen)
    {
        var home = HomeArgument.Of("DIR", "The cluster's directory, with its CA.");
        var name = new Option<string?>("--cluster") { Description = "The cluster's name; needed the first time.", HelpName = "NAME" };
        var id = new Option<int?>("--id") { Description = "The cluster's id in the mesh, 1 to 255; needed the first time.", HelpName = "N" };
        var endpoints = EndpointsOption.Of("--endpoints", "Where the cluster's agents reach its etcd; needed the first time.");
        var advertised = EndpointsOption.Of("--advertised-endpoints", "Where other clusters reach it (default: the same).");
        name.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && ClusterIdentity.NameError(token.Value) is { } error) result.AddError(error);
        });
        id.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var number) && ClusterIdentity.IdError(number) is { } error) result.AddError(error);
        });
        var command = new Command("init", "Make a running etcd the cluster's: certificates for root and the agents, users, roles, authentication, DIR/cluster.yaml and DIR/etcd.yaml. Again: mends what is missing.")
        {
            home, name, id, endpoints, advertised,
        };
        command.SetAction((parsed, cancel) => BootstrapAction.RunAsync(screen, async () =>
        {
            var directory = parsed.GetRequiredValue(home);
            var before = ClusterSettings.ReadIfThere(directory);
            var (given, givenForOthers) = (parsed.GetValue(endpoints), parsed.GetValue(advertised));
            var cluster = new ClusterSettings(
                parsed.GetValue(name) ?? before?.Name ?? throw Needed("--cluster"),
                parsed.GetValue(id) ?? before?.Id ?? throw Needed("--id"),
                !given.IsEmpty ? given : before?.Endpoints ?? throw Needed("--endpoints"))
            {
                Advertised = !givenForOthers.IsEmpty ? givenForOthers : before?.Advertised ?? [],
            };
            await new EtcdBootstrap(TimeProvider.System, text => screen.Line(text)).RunAsync(directory, cluster, cancel);
        }));
        return command;
    }

    private static BootstrapException Needed(string option) => new($"{option} is needed the first time");
}
