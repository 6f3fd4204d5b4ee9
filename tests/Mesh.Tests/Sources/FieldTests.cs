using ClusterMesh.Mesh.Sources.Readers;
using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Tests.Sources;

public sealed class FieldTests
{
    [Fact]
    public void Errors_UnderARefusedField_AreCountedThoughNotTold()
    {
        var findings = new List<Finding>();
        var field = new ObjectReading(findings).Root(new MapNode(1), "spec");
        field.Error("is odd");
        var before = field.Errors;

        field["rule"].Error("is wrong");
        Assert.Equal((before + 1, 1), (field.Errors, findings.Count));
    }
}
