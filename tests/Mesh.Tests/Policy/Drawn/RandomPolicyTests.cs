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
    [InlineData(101), InlineData(131), InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
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
    public void Update_DrawnChanges_EndWhereAllAtOnceDoesAndMapsDecideAlike(int seed)
    {
        var (random, world, decided) = (new Random(seed), new PolicyWorld(), new Dictionary<string, int>());
        var draw = new PolicyDraw(random);
        var packets = Packets(world).ToList();
        var gone = new HashSet<uint>();
        for (var round = 0; round < 40; round++)
        {
            Change(world, draw, random, gone);
            var whole = Whole(world, gone);
            var maps = world.Repository.Endpoints.ToDictionary(pair => pair.Key, pair => new PolicyMap(pair.Value));
            Assert.All(whole.Endpoints, pair => Assert.Equal(Keys(pair.Value, whole), Keys(world.Repository.Endpoints[pair.Key], world.Repository)));
            foreach (var packet in packets)
            {
                var (id, peer, protocol, port) = (packet.Subject.Endpoint.Id, world.IdOf(packet.Peer), IpProtocols.Parse(packet.Protocol), (ushort)packet.Port);
                var (says, decides) = (Word(world.Repository.Endpoints[id].Decide(packet.Direction, peer, protocol, port)), maps[id].Decide(packet.Direction, peer, protocol, port));
                Assert.True(says == decides, $"round {round}: {packet.Direction} of {packet.Subject.Name}, {packet.Peer} {packet.Port}/{packet.Protocol}: {says}, in the map {decides}");
                decided[says] = decided.GetValueOrDefault(says) + 1;
            }
        }

        Assert.True(decided.Count == 3 && decided.Values.All(count => count > 100), string.Join(' ', decided));
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

            var whole = Whole(world, []);
            Assert.All(whole.Endpoints, pair => Assert.Equal(Keys(pair.Value, whole), Keys(world.Repository.Endpoints[pair.Key], world.Repository)));
        }
    }

    private static void Change(PolicyWorld world, PolicyDraw draw, Random random, HashSet<uint> gone)
    {
        if (random.Next(3) > 0)
        {
            world.With(DrawnYaml.Of(draw.Policies()));
            return;
        }

        var identity = world.Pods.ElementAt(random.Next(world.Pods.Count())).Identity;
        var goes = random.Next(2) == 0;
        world.Repository.ChangeIdentities(goes ? [] : [identity], goes ? [identity.Id] : []);
        if (goes) gone.Add(identity.Id);
        else gone.Remove(identity.Id);
    }

    /// <summary>The same told to one that knew nothing before.</summary>
    private static PolicyRepository Whole(PolicyWorld world, HashSet<uint> gone)
    {
        var whole = new PolicyRepository("west");
        whole.SetEndpoints(world.Pods.Where(pod => pod.IsLocal).Select(pod => pod.Endpoint));
        whole.SetPolicies(ClusterPolicies.Of(world.Objects));
        whole.ChangeIdentities(world.Pods.Select(pod => pod.Identity).Where(identity => !gone.Contains(identity.Id)), []);
        return whole;
    }

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
