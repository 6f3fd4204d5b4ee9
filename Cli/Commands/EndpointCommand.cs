using System.CommandLine;
using System.Net;
using System.Text.Json.Nodes;
using ClusterMesh.Cli.Admin;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh endpoint: the pods of this node, and how they come onto the mesh and leave it.</summary>
internal static class EndpointCommand
{
    public static Command Create(QueryOptions query, Screen screen) => new("endpoint", "Pods of this node with a port into the mesh.")
    {
        AgentListCommand.Create(query, screen, "The endpoints of this node: addresses, identities, policies.", (agent, cancel) => agent.EndpointsAsync(cancel), EndpointListView.Print),
        Add(query, screen),
        Delete(query, screen),
    };

    private static Command Add(QueryOptions query, Screen screen)
    {
        var pod = PodArgument.Create("The pod.");
        var netns = new Option<string>("--netns") { Description = "Path of its network namespace, such as /run/netns/x; the agent makes the interface in it.", HelpName = "PATH", Required = true };
        var address = new Option<IPAddress>("--address")
        {
            Description = "An address of the node's pod range (default: the Pod object's, else the next free one).",
            HelpName = "ADDR",
            CustomParser = result =>
            {
                if (IPAddress.TryParse(result.Tokens[0].Value, out var parsed)) return parsed;
                result.AddError($"--address: '{result.Tokens[0].Value}' is not an address");
                return null;
            },
        };
        var name = new Option<string>("--interface") { Description = "Name of the interface inside (default eth0).", HelpName = "NAME" };
        var command = new Command("add", "Put a pod's network namespace on the mesh. Needs the agent's --api socket.") { pod, netns, address, name, query.Output };
        command.SetAction((parsed, cancel) => query.AskAgentAsync(parsed, screen, async agent =>
        {
            RequireSocket(agent);
            var (space, name_) = PodArgument.Split(parsed.GetRequiredValue(pod))!.Value;
            var reply = await agent.AddEndpointAsync(new(space, name_, Path.GetFullPath(parsed.GetRequiredValue(netns)), parsed.GetValue(address)?.ToString(), parsed.GetValue(name)), cancel);
            return new(reply.Json, to => EndpointListView.Print(to, [reply.Value]));
        }));
        return command;
    }

    private static Command Delete(QueryOptions query, Screen screen)
    {
        var pod = PodArgument.Create("The pod.");
        var command = new Command("delete", "Take a pod off the mesh; its interface goes away. Needs the agent's --api socket.") { pod, query.Output };
        command.SetAction((parsed, cancel) => query.AskAgentAsync(parsed, screen, async agent =>
        {
            RequireSocket(agent);
            var (space, name) = PodArgument.Split(parsed.GetRequiredValue(pod))!.Value;
            await agent.DeleteEndpointAsync(space, name, cancel);
            return new(new JsonObject { ["deleted"] = $"{space}/{name}" }, to => to.Line($"endpoint of {space}/{name} deleted"));
        }));
        return command;
    }

    private static void RequireSocket(AdminClient agent)
    {
        if (!agent.IsSocket)
            throw new AdminException($"endpoints are changed by the agent's --api socket only: pass it with {AdminPort.Agent.Option} unix:/PATH or {AdminPort.Agent.Variable}");
    }
}
