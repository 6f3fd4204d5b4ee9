using ClusterMesh.Mesh.Grpc;

namespace ClusterMesh.Mesh.Tests.Grpc;

public sealed class GrpcTimeoutTests
{
    [Theory]
    [InlineData("1500n", 0.0000015)]
    [InlineData("250u", 0.00025)]
    [InlineData("100m", 0.1)]
    [InlineData("7S", 7)]
    [InlineData("3M", 180)]
    [InlineData("2H", 7200)]
    [InlineData("0S", 0)]
    public void Parse_OfEachUnit_GivesTheTime(string text, double seconds)
    {
        Assert.True(GrpcTimeout.TryParse(text, out var timeout));
        Assert.Equal(seconds, timeout!.Value.TotalSeconds, 7);
    }

    [Fact]
    public void Parse_OfVeryLongTime_IsNone()
    {
        Assert.True(GrpcTimeout.TryParse("99999999H", out var timeout));
        Assert.Null(timeout);
    }

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("10")]
    [InlineData("-1m")]
    [InlineData("+1m")]
    [InlineData("1.5S")]
    [InlineData("1x")]
    [InlineData("123456789m")]
    public void Parse_OfAnythingElse_IsRefused(string text) => Assert.False(GrpcTimeout.TryParse(text, out _));

    [Theory]
    [InlineData(0.0001, "1m")]
    [InlineData(0.25, "250m")]
    [InlineData(90, "90000m")]
    [InlineData(1_000_000, "1000000S")]
    public void Format_OfTime_IsReadBackNoShorter(double seconds, string text)
    {
        var time = TimeSpan.FromSeconds(seconds);
        Assert.Equal(text, GrpcTimeout.Format(time));
        Assert.True(GrpcTimeout.TryParse(text, out var back));
        Assert.True(back >= time);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("plain text", "plain text")]
    [InlineData("100% é\n", "100%25 %C3%A9%0A")]
    public void MessageText_EncodedAndDecoded_IsTheSame(string text, string encoded)
    {
        Assert.Equal(encoded, GrpcMessageText.Encode(text));
        Assert.Equal(text, GrpcMessageText.Decode(encoded));
    }

    [Theory]
    [InlineData("100%", "100%")]
    [InlineData("%zz%4", "%zz%4")]
    public void MessageText_ThatIsNotEncodedRightly_StaysAsItIs(string text, string decoded) =>
        Assert.Equal(decoded, GrpcMessageText.Decode(text));
}
