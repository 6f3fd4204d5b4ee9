using ClusterMesh.Mesh.Policy;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Http;
using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Tests.Policy.Drawn;

/// <summary>Policies drawn at random, read and compiled by the product, against the plain reading of the same ones.</summary>
public sealed class RandomPolicyTests
{
    private static readonly string[] s_others = ["host", "remote-node", "health", "10.1.2.3", "10.1.2.4", "10.1.9.9", "10.9.9.9", "192.0.2.7", "203.0.113.9"];
    private static readonly (string Protocol, int Port)[] s_ports =
        [("TCP", 80), ("TCP", 81), ("UDP", 80), ("TCP", 8080), ("TCP", 9090), ("TCP", 7070), ("UDP", 53), ("TCP", 53), ("TCP", 78), ("TCP", 65535), ("ICMP", 8), ("SCTP", 80)];

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
    public void Decide_DrawnPolicies_IsWhatTheirPlainReadingSays(int seed)
    {
        var (draw, world, allowed, asked, all) = (new PolicyDraw(new Random(seed)), new PolicyWorld(), 0, 0, 0);
        var packets = Packets(world).ToList();
        for (var round = 0; round < 40; round++)
        {
            var policies = draw.Policies();
            world.With(DrawnYaml.Of(policies));
            Assert.Empty(world.Objects.Problems);
            foreach (var packet in packets)
            {
                var expected = NaivePolicy.Of(policies, packet);
                var verdict = Verdict(world, packet);
                string Where() => $"seed {seed} round {round}: {packet.Direction} of {packet.Subject.Name}, {packet.Peer} {packet.Port}/{packet.Protocol}, expected {expected}: {verdict}\n{DrawnYaml.Of(policies)}";
                if (expected.Allowed != verdict.Allowed || expected.Methods is not null != verdict.Redirects) Assert.Fail(Where());
                foreach (var method in packet.Protocol == "TCP" ? PolicyDraw.Methods : [])
                {
                    var passes = expected.Methods?.Contains(method) ?? expected.Allowed;
                    if (passes != Request(world, packet, method).Allowed) Assert.Fail($"{method}: {Where()}");
                }

                if (expected.Allowed) allowed++;
                if (expected.Methods is { Count: < 3 }) asked++;
                all++;
            }
        }

        // A draw that allows nearly all or nothing would test little.
        Assert.InRange(allowed, all / 5, all * 4 / 5);
        Assert.True(asked > all / 100, $"{asked} of {all}");
    }

    [Theory]
    [InlineData(11), InlineData(12), InlineData(13)]
    public void Update_DrawnChanges_MapsFollowByDifferenceAndNeverOpenOnTheWay(int seed)
    {
        var (random, world, writes) = (new Random(seed), new PolicyWorld(), 0);
        var draw = new PolicyDraw(random);
        var packets = Packets(world).ToList();
        var maps = world.Repository.Endpoints.ToDictionary(pair => pair.Key, _ => new PolicyMap());
        foreach (var (id, policy) in world.Repository.Endpoints) maps[id].Apply(PolicyDifference.Between(null, policy));
        for (var round = 0; round < 40; round++)
        {
            var before = world.Repository.Endpoints;
            var update = Change(world, draw, random);
            foreach (var (id, difference) in update.Endpoints)
            {
                var (old, now, mine) = (before[id], world.Repository.Endpoints[id], packets.Where(packet => packet.Subject.Endpoint.Id == id).Where(_ => random.Next(20) == 0).ToList());
                maps[id].Apply(difference, () =>
                {
                    writes++;
                    foreach (var packet in mine) AssertBetween(old, now, maps[id], packet, world.IdOf(packet.Peer));
                });
            }

            Assert.All(world.Repository.Endpoints, pair => Assert.True(pair.Value.Entries.ToHashSet().SetEquals(maps[pair.Key].Entries), $"round {round}, endpoint {pair.Key}"));
        }

        Assert.True(writes > 500, $"{writes} writes");
    }

    [Theory]
    [InlineData(21), InlineData(22)]
    public void ChangeIdentities_OneByOne_EndsWhereAllAtOnceDoes(int seed)
    {
        var random = new Random(seed);
        var (draw, world) = (new PolicyDraw(random), new PolicyWorld());
        for (var round = 0; round < 20; round++)
        {
            var policies = DrawnYaml.Of(draw.Policies());
            world.With(policies);
            var pods = world.Pods.OrderBy(_ => random.Next()).ToList();
            foreach (var pod in pods) world.Repository.ChangeIdentities([], [pod.Identity.Id]);
            foreach (var pod in pods) world.Repository.ChangeIdentities([pod.Identity], []);

            var whole = new PolicyRepository("west");
            whole.SetEndpoints(pods.Where(pod => pod.IsLocal).Select(pod => pod.Endpoint));
            whole.SetPolicies(ClusterPolicies.Of(world.Objects));
            whole.ChangeIdentities(pods.Select(pod => pod.Identity), []);
            Assert.All(whole.Endpoints, pair => Assert.Equal(Keys(pair.Value, whole), Keys(world.Repository.Endpoints[pair.Key], world.Repository)));
        }
    }

    private static PolicyUpdate Change(PolicyWorld world, PolicyDraw draw, Random random)
    {
        if (random.Next(3) > 0) return world.Update(DrawnYaml.Of(draw.Policies()));
        var pod = world.Pods.ElementAt(random.Next(world.Pods.Count()));
        return random.Next(2) == 0 ? world.Repository.ChangeIdentities([], [pod.Identity.Id]) : world.Repository.ChangeIdentities([pod.Identity], []);
    }

    private static void AssertBetween(EndpointPolicy old, EndpointPolicy now, PolicyMap map, Packet packet, uint peer)
    {
        var (protocol, port) = (IpProtocols.Parse(packet.Protocol), (ushort)packet.Port);
        var (was, becomes) = (Word(old.Decide(packet.Direction, peer, protocol, port)), Word(now.Decide(packet.Direction, peer, protocol, port)));
        var decides = map.Decide(packet.Direction, peer, protocol, port);
        // Asking the proxy lies between.
        Assert.True(Rank(decides) >= Math.Min(Rank(was), Rank(becomes)) && Rank(decides) <= Math.Max(Rank(was), Rank(becomes)), $"{packet.Direction} {packet.Peer} {packet.Port}/{packet.Protocol}: was {was}, becomes {becomes}, on the way {decides}");
    }

    private static int Rank(string word) => Array.IndexOf(["drop", "proxy", "pass"], word);

    private static string Word(PolicyVerdict verdict) => !verdict.Allowed ? "drop" : verdict.Redirects ? "proxy" : "pass";

    private static HttpVerdict Request(PolicyWorld world, Packet packet, string method) =>
        world.PolicyOf(packet.Subject.Name).Of(packet.Direction).DecideHttp(world.IdOf(packet.Peer), (ushort)packet.Port, new HttpFacts(method, "/", "web", new Dictionary<string, string>()));

    private static PolicyVerdict Verdict(PolicyWorld world, Packet packet) => packet.Direction is PolicyDirection.Ingress
        ? world.Ingress(packet.Peer, packet.Subject.Name, $"{packet.Port}/{packet.Protocol}")
        : world.Egress(packet.Subject.Name, packet.Peer, $"{packet.Port}/{packet.Protocol}");

    /// <summary>CIDRs by themselves and not by their numbers, which depend on what was there before.</summary>
    private static string Keys(EndpointPolicy policy, PolicyRepository repository)
    {
        var cidrs = repository.Cidrs.ByCidr.ToDictionary(pair => pair.Value, pair => pair.Key.ToString());
        var lines = policy.Entries.Select(entry => $"{entry.Key.Direction} {cidrs.GetValueOrDefault(entry.Key.Identity, $"{entry.Key.Identity}")} {entry.Key.Ports} {entry.Denies} {entry.Origin} {entry.Http}");
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<Packet> Packets(PolicyWorld world) =>
        from subject in world.Pods
        where subject.IsLocal
        from direction in new[] { PolicyDirection.Ingress, PolicyDirection.Egress }
        from peer in world.Pods.Select(pod => (pod.Name, Pod: (WorldPod?)pod)).Concat(s_others.Select(name => (Name: name, Pod: (WorldPod?)null)))
        from port in s_ports
        select new Packet(subject, direction, peer.Name, peer.Pod, port.Protocol, port.Port);
}
