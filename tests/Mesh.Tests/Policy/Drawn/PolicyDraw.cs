using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Tests.Policy.Drawn;

/// <summary>Draws policies about the pods of <see cref="PolicyWorld"/>: few words, so that they often meet.</summary>
internal sealed class PolicyDraw(Random random)
{
    private static readonly string[] s_entities = ["all", "world", "cluster", "cluster-mesh", "host", "remote-node", "none", "health"];
    private static readonly string[] s_cidrs = ["10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "0.0.0.0/0", "192.0.2.0/24", "10.1.2.3/32"];

    public static string[] Methods { get; } = ["GET", "POST", "PUT"];

    public DrawnPolicy[] Policies() => [.. Enumerable.Range(0, random.Next(1, 5)).Select(Policy)];

    private DrawnPolicy Policy(int number)
    {
        var kind = Of("NetworkPolicy", "CiliumNetworkPolicy", "CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy");
        var kubernetes = kind == "NetworkPolicy";
        var rules = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Rule(kubernetes)).ToArray();
        return new(kind, $"p{number}", Of("default", "default", "shop"), Selector(0.5, false), rules, kubernetes ? null : Flag(), kubernetes ? null : Flag());
    }

    private bool? Flag() => random.Next(3) == 0 ? random.Next(2) == 0 : null;

    private DrawnRule Rule(bool kubernetes)
    {
        var direction = random.Next(2) == 0 ? PolicyDirection.Ingress : PolicyDirection.Egress;
        DrawnPeer[]? peers = random.Next(5) switch
        {
            0 => null,
            1 when random.Next(3) == 0 => [],
            _ when kubernetes => Several(KubernetesPeer),
            2 => Several(() => new DrawnPeer(Entity: Of(s_entities))),
            3 => Several(Cidr),
            _ => Several(() => new DrawnPeer(Selector(0.4, true))),
        };
        var ports = random.Next(3) == 0 ? null : Several(() => Port(kubernetes));
        var denies = !kubernetes && random.Next(4) == 0;
        if (kubernetes || denies || random.Next(2) == 0) return new(direction, denies, peers, ports);
        return new(direction, false, peers, Several(HttpPort), Several(() => Of(Methods)));
    }

    private DrawnPeer KubernetesPeer() => random.Next(4) switch
    {
        0 => Cidr(),
        1 => new(Namespaces: NamespaceSelector()),
        2 => new(Selector(0.4, true), NamespaceSelector()),
        _ => new(Selector(0.4, true)),
    };

    private DrawnPeer Cidr()
    {
        var cidr = Of(s_cidrs);
        string[] except = [.. s_cidrs.Where(other => random.Next(3) == 0 && other != cidr && System.Net.IPNetwork.Parse(cidr) is var whole
            && System.Net.IPNetwork.Parse(other) is var part && whole.PrefixLength < part.PrefixLength && whole.Contains(part.BaseAddress))];
        return new(Cidr: cidr, Except: except);
    }

    private DrawnSelector Selector(double empty, bool peer)
    {
        if (random.NextDouble() < empty) return new([]);
        var requirements = new List<DrawnRequirement> { Requirement("app", "web", "db", "client", "cart") };
        if (random.Next(4) == 0) requirements.Add(Requirement("tier", "back"));
        if (peer && random.Next(4) == 0) requirements.Add(Requirement("io.cilium.k8s.policy.cluster", "west", "east"));
        return new([.. requirements]);
    }

    private DrawnSelector NamespaceSelector() => random.Next(3) == 0 ? new([]) : new([Requirement("team", "default", "shop")]);

    private DrawnRequirement Requirement(string key, params string[] values) => random.Next(6) switch
    {
        0 => new(key, "NotIn", [Of(values)]),
        1 => new(key, "Exists", []),
        2 when key == "tier" => new(key, "DoesNotExist", []),
        _ => new(key, "In", [.. values.Where(_ => random.Next(2) == 0).Append(Of(values)).Distinct()]),
    };

    private DrawnPort Port(bool kubernetes) => random.Next(5) switch
    {
        0 => new(Protocol(kubernetes), Of("http", "dns")),
        1 => new(Protocol(kubernetes), ""),
        2 => new(Protocol(kubernetes), "79", random.Next(79, 9100)),
        _ => new(Protocol(kubernetes), Of("80", "81", "8080", "9090", "53")),
    };

    private DrawnPort HttpPort() => random.Next(3) == 0 ? new("TCP", "79", random.Next(79, 9100)) : new("TCP", Of("80", "81", "8080", "http"));

    private string Protocol(bool kubernetes) => kubernetes ? Of("TCP", "TCP", "UDP") : Of("TCP", "TCP", "UDP", "ANY");

    private T[] Several<T>(Func<T> draw) => [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => draw())];

    private T Of<T>(params T[] choices) => choices[random.Next(choices.Length)];
}
