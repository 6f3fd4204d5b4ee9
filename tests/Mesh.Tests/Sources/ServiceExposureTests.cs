using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Tests.Sources;

/// <summary>What kube-proxy reads of a Service, from what kubectl would take or an API server would give.</summary>
public sealed class ServiceExposureTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Load_LoadBalancerService_ReadsAllThatDecidesWhereItIsReached()
    {
        var service = Load("""
            spec:
              type: LoadBalancer
              clusterIP: 10.96.0.10
              clusterIPs: [10.96.0.10, "fd00::10"]
              externalIPs: [192.0.2.1, 192.0.2.2]
              loadBalancerIP: 198.51.100.9
              loadBalancerSourceRanges: [203.0.113.0/24]
              externalTrafficPolicy: Local
              internalTrafficPolicy: Local
              sessionAffinity: ClientIP
              sessionAffinityConfig: {clientIP: {timeoutSeconds: 60}}
              ports:
              - {name: http, port: 80, nodePort: 30080}
              - {name: dns, port: 53, protocol: UDP, nodePort: 30080}
              - {name: late, port: 81, nodePort: 0}
            status:
              loadBalancer:
                ingress: [{ip: 198.51.100.1}, {ip: 198.51.100.2, ipMode: VIP}, {ip: 198.51.100.3, ipMode: Proxy}, {hostname: lb.example}]
            """);

        Assert.Equal("10.96.0.10", service.ClusterIP);
        Assert.Equal(["fd00::10"], service.Exposure.MoreClusterIPs);
        Assert.Equal(["192.0.2.1", "192.0.2.2"], service.Exposure.ExternalIPs);
        Assert.Equal(["198.51.100.1", "198.51.100.2"], service.Exposure.LoadBalancerIPs);
        Assert.Equal(["203.0.113.0/24"], service.Exposure.SourceRanges);
        Assert.True(service.Exposure.ExternalLocal);
        Assert.True(service.InternalLocal);
        Assert.Equal(TimeSpan.FromSeconds(60), service.ClientAffinity);
        Assert.Equal([30080, 30080, null], service.Ports.Select(port => port.NodePort));
    }

    [Fact]
    public void Load_PlainService_HasNothingOfIt()
    {
        var service = Load("spec: {clusterIPs: [10.96.0.10], sessionAffinityConfig: {clientIP: {timeoutSeconds: 60}}, ports: [{port: 80}]}");

        Assert.Equal("10.96.0.10", service.ClusterIP);
        Assert.Empty(service.Exposure.MoreClusterIPs);
        Assert.Empty(service.Exposure.LoadBalancerIPs);
        Assert.False(service.Exposure.ExternalLocal || service.InternalLocal);
        Assert.Null(service.ClientAffinity);
    }

    [Theory]
    [InlineData("LoadBalancer", "", "198.51.100.9")]
    [InlineData("LoadBalancer", "status: {loadBalancer: {}}", "198.51.100.9")]
    [InlineData("LoadBalancer", "status: {loadBalancer: {ingress: [{ip: 198.51.100.1}]}}", "198.51.100.1")]
    [InlineData("ClusterIP", "status: {loadBalancer: {ingress: [{ip: 198.51.100.1}]}}", "")]
    public void Load_LoadBalancerIP_CountsWhereNoStatusSaysOtherwise(string type, string status, string addresses) =>
        Assert.Equal(addresses, string.Join(' ', Load($"spec: {{type: {type}, loadBalancerIP: 198.51.100.9, ports: [{{port: 80}}]}}\n{status}").Exposure.LoadBalancerIPs));

    [Fact]
    public void Load_ClientIpAffinity_LastsThreeHoursUnlessSaid() =>
        Assert.Equal(TimeSpan.FromHours(3), Load("spec: {sessionAffinity: ClientIP, ports: [{port: 80}]}").ClientAffinity);

    [Fact]
    public void Load_NodePortOfAClusterIPService_IsIgnoredAndSaid()
    {
        var objects = _directory.With("a.yaml", Header + "spec: {ports: [{port: 80, nodePort: 30080}]}").Load();

        Assert.Null(objects.Services[new("default", "web")].Ports[0].NodePort);
        var problem = Assert.Single(objects.Problems);
        Assert.Equal(("spec.ports[0].nodePort", "30080 on a Service of type ClusterIP", "it is ignored"), (problem.Field, problem.Reason, problem.Instead));
    }

    private const string Header = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n";

    private ServiceObject Load(string yaml)
    {
        var objects = _directory.With("a.yaml", Header + yaml).Load();
        Assert.Empty(objects.Problems);
        return objects.Services[new("default", "web")];
    }
}
