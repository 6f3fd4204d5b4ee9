using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Proxy.Record.Metrics;

/// <summary>A target of a route as series name it.</summary>
/// <param name="Name">"default/web:80"; empty where no target was decided on.</param>
/// <param name="Canary">Empty for the primary, else "default-web-canary-80": ingress-nginx's name of a canary's upstream.</param>
internal sealed record TargetLabels(string Name, ObjectKey Service, string Canary)
{
    public static readonly TargetLabels None = new("", new("", ""), "");

    public static TargetLabels Of(string name, TargetModel model) =>
        new(name, model.Service, model.Canary is null ? "" : $"{model.Service.Namespace}-{model.Service.Name}-{model.Port}");
}
