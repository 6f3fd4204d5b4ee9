using ClusterMesh.Cli.Demo.Kernel;

namespace ClusterMesh.Cli.Demo;

/// <summary>What a person can do with a demo that stays up.</summary>
internal static class WhatToTry
{
    public static IEnumerable<string> Lines(Stage stage)
    {
        var (west, east, admin, agent) = (Url(stage.West.Gateway.Http), Url(stage.East.Gateway.Http), Url(stage.West.Gateway.Admin), Url(stage.West.Agent.Admin));
        return
        [
            "Both clusters stay up until Ctrl-C. Try:",
            $"  curl -si -H 'Host: rebel-base.example' {west}/",
            $"  curl -s -H 'Host: local.rebel-base.example' {east}/",
            $"  curl -s -H 'Host: header.rebel-base.example' -H 'x-canary: always' {west}/",
            $"  clustermesh status --admin {admin} --agent {agent}",
            $"  clustermesh node list --agent {agent}",
            $"  clustermesh identity list --agent {agent}",
            $"  clustermesh remote inspect {Stage.EastName} --config {stage.West.Home.Remotes}",
            $"  clustermesh service get demo/rebel-base-local --admin {admin}",
            $"  clustermesh route list --admin {admin}",
            $"  clustermesh explain GET http://canary.rebel-base.example/ --admin {admin}",
            $"  clustermesh explain GET http://header.rebel-base.example/ -H x-canary:always --admin {admin}",
            $"Edit the manifests, traffic follows at once: {stage.Manifests.Directory(Stage.WestName)} and {stage.Manifests.Directory(Stage.EastName)}",
            $"In east, the gateway's admin port is {Url(stage.East.Gateway.Admin)} and the agent's {Url(stage.East.Agent.Admin)}",
        ];
    }

    public static IEnumerable<string> Lines(LabStage stage)
    {
        var (lab, agent, client) = ($"clustermesh lab --name {stage.Name}", stage.ClientNode.Agent, LabStage.PathOf(LabStage.OneName));
        return
        [
            "The lab stays up as well. Try, as root:",
            $"  {lab} status",
            $"  {lab} exec {client} -- sh -c 'curl -s $REBEL_BASE_SERVICE_HOST'",
            $"  {lab} link cut {LabStage.TwoName}",
            $"  {lab} link heal {LabStage.TwoName}",
            $"  {lab} exec {client} -- sh -c 'curl -s $CANARY_SERVICE_HOST'",
            $"  clustermesh observe --follow --agent {agent}",
            $"  clustermesh observe --type l7 --agent {agent}",
            $"  clustermesh explain --from default/{LabStage.Client} GET http://canary.default/ --agent {agent}",
            $"  clustermesh policy trace --from default/{LabStage.Client} --to {stage.Neighbour} --port 8080 --method GET --path / --agent {agent}",
            $"  clustermesh bpf lb list --agent {agent}",
            $"  clustermesh status --agent {agent}",
        ];
    }

    private static string Url(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
