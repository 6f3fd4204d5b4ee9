using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Tests.Sources;

public sealed class ScalarTypesTests
{
    [Theory]
    [InlineData("", "Null")]
    [InlineData("~", "Null")]
    [InlineData("null", "Null")]
    [InlineData("nullable", "String")]
    [InlineData("true", "Bool")]
    [InlineData("No", "Bool")]
    [InlineData("y", "String")]
    [InlineData("tRue", "String")]
    [InlineData("80", "Number")]
    [InlineData("-1", "Number")]
    [InlineData("1_000", "Number")]
    [InlineData("0x1F", "Number")]
    [InlineData("1.5", "Number")]
    [InlineData("1e3", "Number")]
    [InlineData(".5", "Number")]
    [InlineData("-.inf", "Number")]
    [InlineData(".nan", "Number")]
    [InlineData("10.0.0.1", "String")]
    [InlineData("1.2.3", "String")]
    [InlineData("50%", "String")]
    [InlineData("2024-05-06", "String")]
    [InlineData("-", "String")]
    [InlineData("...", "String")]
    [InlineData("1 ", "String")]
    public void Of_PlainText_IsSeenAsKubectlSeesIt(string text, string type) => Assert.Equal(type, ScalarTypes.Of(text).ToString());
}
