using System.CommandLine;
using ClusterMesh.Cli.Admin;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh service get NS/NAME: one service in full.</summary>
internal static class ServiceGetCommand
{
    public static Command Create(QueryOptions query, Screen screen)
    {
        var name = new Argument<string>("NS/NAME") { Description = "The service; without NS/ it is of namespace default." };
        name.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && Split(text) is not { Namespace.Length: > 0, Name.Length: > 0 })
                result.AddError($"'{text}' is not a service: give NAME or NAMESPACE/NAME");
        });
        var command = new Command("get", "One service: clusters, chosen set and why, backends.") { name, query.Output };
        command.SetAction((parsed, cancel) => query.AskAsync(parsed, screen, async gateway =>
        {
            var key = Split(parsed.GetRequiredValue(name));
            var reply = await gateway.StateAsync(cancel);
            var index = reply.Value.Services.ToList().FindIndex(service => service.Namespace == key.Namespace && service.Name == key.Name);
            if (index < 0)
                throw new AdminException($"service {key.Namespace}/{key.Name} not found in cluster {reply.Value.Gateway.Cluster}");
            return new(reply.Json["services"]![index], to => ServiceView.Print(to, reply.Value.Services[index]));
        }));
        return command;
    }

    private static (string Namespace, string Name) Split(string text)
    {
        var parts = text.Split('/');
        return parts.Length switch { 1 => ("default", parts[0]), 2 => (parts[0], parts[1]), _ => ("", "") };
    }
}
