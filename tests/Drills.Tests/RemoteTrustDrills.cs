using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Drills.Tests.Lab;
using ClusterMesh.Drills.Tests.Load;
using ClusterMesh.Mesh.Pki;

namespace ClusterMesh.Drills.Tests;

/// <summary>What lets us into another cluster's etcd is not good any more: said with the reason, and mended without a restart.</summary>
public sealed class RemoteTrustDrills
{
    [Fact]
    public async Task ClientCertificate_Expired_IsSaidAndARenewedOneHeals()
    {
        await using var lab = await MeshLab.StartAsync();
        await using var load = SteadyLoad.On(lab.West.Gateway, lab.East.Gateway);
        await using var watch = new BackendWatch(lab.West.Gateway, MeshLab.FromEast, $"{lab.EastBackend}");

        using (var authority = HomeAuthority.Load(lab.East.Home, TimeProvider.System))
        {
            var expired = authority.Issue(new("remote-west", TimeSpan.FromDays(-1)), TimeProvider.System);
            PemFiles.Write(lab.West.Home.Remotes, "east", expired.CertificatePem, expired.KeyPem);
        }

        await LostBecauseOfAsync(lab, "expired");
        await lab.West.ConnectAsync(lab.East);
        await HealsAsync(lab, load, watch);
    }

    [Fact]
    public async Task TrustedCa_OfSomebodyElse_IsSaidAndTheRightOneHeals()
    {
        await using var lab = await MeshLab.StartAsync();
        await using var load = SteadyLoad.On(lab.West.Gateway, lab.East.Gateway);
        await using var watch = new BackendWatch(lab.West.Gateway, MeshLab.FromEast, $"{lab.EastBackend}");

        using (var other = CertificateAuthority.Create("somebody else", TimeSpan.FromDays(1), TimeProvider.System))
            PemFiles.Replace(Path.Combine(lab.West.Home.Remotes, "east.ca.crt"), other.CertificatePem, ClusterHome.Readable);

        await LostBecauseOfAsync(lab, "certificate");
        await lab.West.ConnectAsync(lab.East);
        await HealsAsync(lab, load, watch);
    }

    [Fact]
    public async Task RemoteRole_Revoked_IsSaidAndGrantedAgainHeals()
    {
        await using var lab = await MeshLab.StartAsync();
        await using var load = SteadyLoad.On(lab.West.Gateway, lab.East.Gateway);
        await using var watch = new BackendWatch(lab.West.Gateway, MeshLab.FromEast, $"{lab.EastBackend}");

        await lab.East.CtlAsync("user", "revoke-role", "remote-west", "remote");
        // etcd asks for permission when a watch begins: the next connection learns of it.
        lab.East.Front.Cut();

        await LostBecauseOfAsync(lab, "permission denied");
        await lab.East.ConnectAsync(lab.West);
        await HealsAsync(lab, load, watch);
    }

    private static async Task LostBecauseOfAsync(MeshLab lab, string reason)
    {
        await lab.West.Agent.SeesAsync(
            "east", east => east is { State: "disconnected", Confirmed: false, Reason: { } said } && said.Contains(reason, StringComparison.OrdinalIgnoreCase), $"is disconnected: {reason}", 60);
        await lab.West.Gateway.MarksAsync("east", unconfirmed: true);
    }

    private static async Task HealsAsync(MeshLab lab, SteadyLoad load, BackendWatch watch)
    {
        var changed = lab.GrowFromEast();
        await lab.West.Agent.SeesReadyAsync("east", 60);
        await lab.West.Gateway.HasAsync(MeshLab.FromEast, changed);
        await lab.West.Gateway.MarksAsync("east", unconfirmed: false);
        await watch.EndsWithNothingMissingAsync();
        await load.EndsWithoutFailureAsync();
    }
}
