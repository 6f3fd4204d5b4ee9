using System.CommandLine;
using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh connect and disconnect: two clusters that read each other, or no longer do.</summary>
internal static class ConnectCommand
{
    public static Command Create(Screen screen)
    {
        var (one, other) = Homes();
        var renew = new Option<bool>("--renew") { Description = "Issue the certificates anew, also those that are good for more than 30 days." };
        var command = new Command("connect", "Let two clusters read each other: a read-only user in each etcd, and DIR/remotes/PEER.yaml with its certificates on both sides.") { one, other, renew };
        command.SetAction((parsed, cancel) => BootstrapAction.RunAsync(screen, () =>
            Connection(screen).ConnectAsync(parsed.GetRequiredValue(one), parsed.GetRequiredValue(other), parsed.GetValue(renew), cancel)));
        return command;
    }

    public static Command CreateOpposite(Screen screen)
    {
        var (one, other) = Homes();
        var command = new Command("disconnect", "Undo connect: remove the files of both sides, and the users.") { one, other };
        command.SetAction((parsed, cancel) => BootstrapAction.RunAsync(screen, () =>
            Connection(screen).DisconnectAsync(parsed.GetRequiredValue(one), parsed.GetRequiredValue(other), cancel)));
        return command;
    }

    private static (Argument<ClusterHome> One, Argument<ClusterHome> Other) Homes() =>
        (HomeArgument.Of("DIR", "The directory of one cluster."), HomeArgument.Of("OTHER", "The directory of the other."));

    private static MeshConnection Connection(Screen screen) => new(TimeProvider.System, text => screen.Line(text));
}
