using System.Collections.Immutable;
using System.CommandLine;
using ClusterMesh.Cli.Bootstrap;

namespace ClusterMesh.Cli.Commands;

/// <summary>https://HOST:PORT,... as etcdctl takes them; may be repeated as well.</summary>
internal static class EndpointsOption
{
    public static Option<ImmutableArray<Uri>> Of(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "URL,...",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
        {
            var endpoints = ImmutableArray.CreateBuilder<Uri>();
            foreach (var text in result.Tokens.SelectMany(token => token.Value.Split(',')))
            {
                if (EtcdEndpoint.TryParse(text, out var endpoint)) endpoints.Add(endpoint);
                else result.AddError($"{name}: '{text}' is not https://HOST:PORT");
            }

            return endpoints.ToImmutable();
        },
        DefaultValueFactory = _ => [],
    };
}
