using ClusterMesh.Agent.Datapath.Policy;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Rules;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Admin.Trace;

/// <summary>Asks the policies of both ends what the kernel and the proxy would ask them.</summary>
internal static class PolicyTrace
{
    public static PolicyTraceStatus Of(TraceQuery query, TraceEnd from, TraceEnd to)
    {
        var steps = new List<PolicyTraceStep>();
        var notes = new List<string>();
        if (from.Policy is { } sender) steps.Add(Step(sender.Egress, to.Identity, query));
        else notes.Add($"{from.Name} is no endpoint of this node: ask its node's agent for its egress policy, if it has one");
        if (to.Policy is { } receiver) steps.Add(Step(receiver.Ingress, from.Identity, query));
        else notes.Add($"{to.Name} is no endpoint of this node: ask its node's agent for its ingress policy, if it has one");
        if (query.Request is null && steps.Any(step => step.Verdict == "redirected")) notes.Add("the node's proxy judges each request: say its --method, --path, --host and --header");
        return new(Status(from), Status(to), $"{query.Port}/{query.Protocol.Text()}", Verdict(steps), steps, notes);
    }

    private static PolicyTraceStep Step(DirectionPolicy policy, uint peer, TraceQuery query)
    {
        var verdict = policy.Decide(peer, query.Protocol, query.Port);
        var step = new PolicyTraceStep(policy.Direction.ToString().ToLowerInvariant(), VerdictText.Word(verdict), verdict.Rule?.ToString(), VerdictText.Reason(policy, verdict));
        if (query.Request is not { } request || !verdict.Redirects) return step;
        var http = policy.DecideHttp(peer, query.Port, request);
        return step with
        {
            Http = http.Allowed ? "allowed" : "refused", HttpRule = http.Rule?.ToString(), Tried = [.. http.Tried.Select(origin => origin.ToString())], Edits = [.. http.Edits.Select(edit => edit.ToString())],
        };
    }

    private static string Verdict(List<PolicyTraceStep> steps)
    {
        if (steps.Count == 0) return "unknown";
        if (steps.Any(step => step.Verdict == "denied")) return "denied";
        if (steps.Any(step => step.Http == "refused")) return "refused";
        return steps.Any(step => step is { Verdict: "redirected", Http: null }) ? "redirected" : "allowed";
    }

    private static PolicyTraceEnd Status(TraceEnd end) => new(end.Name, end.Identity, [.. end.Labels.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(label => label.TrimEnd('='))]);
}
