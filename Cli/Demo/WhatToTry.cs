namespace ClusterMesh.Cli.Demo;

/// <summary>What a person can do with a demo that stays up.</summary>
internal static class WhatToTry
{
    public static IEnumerable<string> Lines(Stage stage)
    {
        var (west, east, admin) = (Url(stage.West.Http), Url(stage.East.Http), Url(stage.West.Admin));
        return
        [
            "Both gateways stay up until Ctrl-C. Try:",
            $"  curl -si -H 'Host: rebel-base.example' {west}/",
            $"  curl -s -H 'Host: local.rebel-base.example' {east}/",
            $"  curl -s -H 'Host: header.rebel-base.example' -H 'x-canary: always' {west}/",
            $"  clustermesh status --admin {admin}",
            $"  clustermesh service get demo/rebel-base-local --admin {admin}",
            $"  clustermesh route list --admin {admin}",
            $"  clustermesh explain GET http://canary.rebel-base.example/ --admin {admin}",
            $"  clustermesh explain GET http://header.rebel-base.example/ -H x-canary:always --admin {admin}",
            $"Edit the manifests, traffic follows at once: {stage.Manifests.Directory(Stage.WestName)} and {stage.Manifests.Directory(Stage.EastName)}",
            $"The gateway of east has its admin port at {Url(stage.East.Admin)}",
        ];
    }

    private static string Url(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
