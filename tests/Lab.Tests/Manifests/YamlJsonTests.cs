using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Lab.Manifests;

namespace ClusterMesh.Lab.Tests.Manifests;

public sealed class YamlJsonTests
{
    [Theory]
    [InlineData("a: true", """{"a":true}""")]
    [InlineData("a: 'true'", """{"a":"true"}""")]
    [InlineData("a: !!str true", """{"a":"true"}""")]
    [InlineData("a: yes", """{"a":"yes"}""")]
    [InlineData("a: 8080", """{"a":8080}""")]
    [InlineData("a: \"8080\"", """{"a":"8080"}""")]
    [InlineData("a: 0.5", """{"a":0.5}""")]
    [InlineData("a: 1e999", """{"a":"1e999"}""")]
    [InlineData("a: 10.1.0.0/16", """{"a":"10.1.0.0/16"}""")]
    [InlineData("a: ~", """{"a":null}""")]
    [InlineData("a: &x [1]\nb: *x", """{"a":[1],"b":[1]}""")]
    public void Word_OfYaml_IsItsJson(string yaml, string json) => Assert.Equal(json, Assert.Single(YamlJson.Read(yaml, "f")).ToJsonString());

    [Theory]
    [InlineData("a: [1")]
    [InlineData("a: 1\na: 2")]
    [InlineData("? [1]\n: 2")]
    [InlineData("a: *nobody")]
    public void Text_ThatIsNotYaml_IsRefusedWithItsFile(string yaml) => Assert.StartsWith("some.yaml", Assert.Throws<LabException>(() => YamlJson.Read(yaml, "some.yaml")).Message);

    [Fact]
    public void Anchors_ThatGrowOutOfBounds_AreRefused()
    {
        var bomb = "a0: &a0 [x, x]\n" + string.Concat(Enumerable.Range(1, 30).Select(level => $"a{level}: &a{level} [*a{level - 1}, *a{level - 1}]\n"));
        Assert.Contains("too large or too deep", Assert.Throws<LabException>(() => YamlJson.Read(bomb, "bomb.yaml")).Message);
    }

    [Fact]
    public void List_OfObjects_IsTakenApart_AndTheirNamespaceIsDefault() => Assert.Equal(
        ["Service default/a", "Service shop/b", "CiliumClusterwideNetworkPolicy c"],
        Yaml.Objects("""
            apiVersion: v1
            kind: List
            items:
              - { apiVersion: v1, kind: Service, metadata: { name: a } }
              - { apiVersion: v1, kind: Service, metadata: { name: b, namespace: shop } }
              - { apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, metadata: { name: c } }
            """).Select(theObject => $"{ObjectId.Of(theObject)}"));

    [Theory]
    [InlineData("kind: Service", "a document is not a Kubernetes object: it needs apiVersion and kind")]
    [InlineData("{ apiVersion: v1, kind: Service, metadata: { name: ../../etc/passwd } }", "Service: metadata.name: '../../etc/passwd' is not a name of a-z, 0-9, - and .")]
    [InlineData("{ apiVersion: v1, kind: Service, metadata: { name: a, namespace: ../b } }", "Service ../b/a: metadata.namespace: '../b' is not a name of a-z, 0-9 and -")]
    public void Document_ThatIsNoObject_IsRefused(string yaml, string expected) => Assert.Equal($"test.yaml: {expected}", Assert.Throws<LabException>(() => Yaml.Objects(yaml)).Message);
}
