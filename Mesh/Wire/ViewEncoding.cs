using ClusterMesh.Mesh.Status;
using Messages = ClusterMesh.Mesh.Wire.Protos;

namespace ClusterMesh.Mesh.Wire;

/// <summary>What people want to know, as messages and back: clusters and problems.</summary>
internal static class ViewEncoding
{
    public static Messages.Cluster Encode(ClusterStatus view)
    {
        var message = new Messages.Cluster
        {
            Name = view.Name,
            Local = view.Local,
            Source = view.Source,
            State = view.State,
            Since = view.Since.ToUnixTimeMilliseconds(),
            Reason = view.Reason ?? "",
            Confirmed = view.Confirmed,
            ClusterId = view.ClusterId,
            Files = view.Files,
            Nodes = view.Nodes,
            Services = view.Services,
            Endpoints = view.Endpoints,
            Identities = view.Identities,
            Reconnections = view.Reconnections,
            Failures = view.Failures,
            LastError = view.LastError ?? "",
            CaughtUpAt = view.CaughtUpAt?.ToUnixTimeMilliseconds() ?? 0,
            Ignored = view.Ignored,
        };
        foreach (var (kind, count) in view.UnknownKinds) message.UnknownKinds[kind] = count;
        return message;
    }

    public static ClusterStatus Decode(Messages.Cluster message) =>
        new(message.Name, message.Local, message.Source, message.State, DateTimeOffset.FromUnixTimeMilliseconds(message.Since))
        {
            Reason = ObjectDecoding.Text(message.Reason),
            Confirmed = message.Confirmed,
            ClusterId = message.ClusterId,
            Files = message.Files,
            Nodes = message.Nodes,
            Services = message.Services,
            Endpoints = message.Endpoints,
            Identities = message.Identities,
            Reconnections = message.Reconnections,
            Failures = message.Failures,
            LastError = ObjectDecoding.Text(message.LastError),
            CaughtUpAt = message.CaughtUpAt == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(message.CaughtUpAt),
            Ignored = message.Ignored,
            UnknownKinds = new Dictionary<string, int>(message.UnknownKinds),
        };

    public static Messages.Problem Encode(Problem problem) => new()
    {
        Cluster = problem.Cluster,
        Subject = problem.Subject,
        Field = problem.Field,
        Reason = problem.Reason,
        Instead = problem.Instead,
        Where = problem.Where ?? "",
    };

    public static Problem Decode(Messages.Problem message) =>
        new(message.Cluster, message.Subject, message.Field, message.Reason, message.Instead, ObjectDecoding.Text(message.Where));
}
