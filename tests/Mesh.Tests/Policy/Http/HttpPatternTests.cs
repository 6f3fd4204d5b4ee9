using ClusterMesh.Mesh.Policy.Http;

namespace ClusterMesh.Mesh.Tests.Policy.Http;

/// <summary>Extended POSIX expressions that must match the whole (cilium.md 4), in linear time.</summary>
public sealed class HttpPatternTests
{
    [Theory]
    [InlineData("GET", "GET", true)]
    [InlineData("GET", "get", false)]
    [InlineData("GET", "GETS", false)]
    [InlineData("GET|HEAD", "HEAD", true)]
    [InlineData("GET|HEAD", "HEADS", false)]
    [InlineData("GET|HEAD", "AGET", false)]
    [InlineData("/public/.*", "/public/a?b=c", true)]
    [InlineData("/public/.*", "/private/public/a", false)]
    [InlineData("/public/.*", "/public", false)]
    [InlineData("/a$", "/a", true)]
    [InlineData("^/a", "/ab", false)]
    [InlineData("/a.b", "/a.b", true)]
    [InlineData("/a.b", "/axb", true)]
    [InlineData("/a\\.b", "/axb", false)]
    [InlineData(".*", "", true)]
    [InlineData("/v[[:digit:]]+/[[:alpha:]_-]*", "/v12/a_b-C", true)]
    [InlineData("/v[[:digit:]]+", "/v:", false)]
    [InlineData("[^[:space:]]+", "a b", false)]
    [InlineData("[a-z-[aeiou]]", "b", false)]
    [InlineData("[a-z-[aeiou]]", "[]", true)]
    [InlineData("[]a]+", "]a", true)]
    [InlineData("[[]", "[", true)]
    [InlineData("(?i)get", "GeT", true)]
    [InlineData("/(a|b){2,3}", "/aba", true)]
    [InlineData("/(a|b){2,3}", "/abab", false)]
    [InlineData("/a{", "/a{", true)]
    [InlineData(@"/\[x\]", "/[x]", true)]
    public void Matches_Pattern_WholeTextOnly(string pattern, string text, bool matches) => Assert.Equal(matches, Of(pattern).Matches(text));

    /// <summary>Each of these takes a backtracking engine longer than anybody waits.</summary>
    [Theory]
    [InlineData("/(a+)+b")]
    [InlineData("/(a|aa)*b")]
    [InlineData("/(a*)*(a*)*(a*)*b")]
    [InlineData("/(.*a){20}b")]
    [InlineData("(.*)*x")]
    [InlineData(".*[ab].{900}x")]
    public void Matches_HostilePatternAndPath_Ends(string pattern) => Assert.False(Of(pattern).Matches("/" + new string('a', 100_000)));

    [Theory]
    [InlineData("x{100000}")]
    [InlineData("(x{1,99}){1,99}")]
    [InlineData("((a{1,10}){1,10}){1,11}")]
    [InlineData("(((((((((a{9}){9}){9}){9}){9}){9}){9}){9}){9}){9}")]
    [InlineData("a{99999999999}")]
    public void Of_TooManyStates_IsRefused(string pattern)
    {
        Assert.Null(HttpPattern.Of(pattern, out var problem));
        Assert.NotNull(problem);
    }

    /// <summary>What .NET would read on elsewhere than where the states are counted: each of them hides a count of 8,000.</summary>
    [Theory]
    [InlineData("(?#[)/.*a.{8000}", "has a comment")]
    [InlineData("/a(?#[){1}.*a.{8000}]", "has a comment")]
    [InlineData("(?x)# [\n/.*a.{8000}", "has the option x")]
    [InlineData("(?i-s+X:# [\n/.*a.{8000})", "has the option x")]
    [InlineData(@"\c[/.*a.{8000}]", @"has \c")]
    [InlineData(@"[\c]]/.*a.{8000}", @"has \c")]
    [InlineData("/a{1,(?#}[)/.*a.{8000}]", "has a comment")]
    [InlineData("/a{1,[}].*a.{8000}", "counts to about")]
    public void Of_SyntaxThatHidesStates_IsRefused(string pattern, string reason)
    {
        Assert.Null(HttpPattern.Of(pattern, out var problem));
        Assert.StartsWith(reason, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(?i:a)x", "Ax", true)]
    [InlineData("a{,5}", "a{,5}", true)]
    [InlineData("a{2,}", "aaaa", true)]
    [InlineData("a{1,x}", "a{1,x}", true)]
    [InlineData("a#b c", "a#b c", true)]
    public void Matches_WhatIsNotRefused_IsAsItIsRead(string pattern, string text, bool matches) => Assert.Equal(matches, Of(pattern).Matches(text));

    [Fact]
    public void Of_TooLong_IsRefused()
    {
        Assert.NotNull(HttpPattern.Of(new string('a', HttpPattern.Longest), out _));
        Assert.Null(HttpPattern.Of(new string('a', HttpPattern.Longest + 1), out var problem));
        Assert.Equal("has 1025 characters, expected at most 1024", problem);
    }

    [Fact]
    public void Of_DrawnText_IsTakenOrRefusedWithAReason()
    {
        var random = new Random(3);
        var (taken, refused) = (0, 0);
        for (var round = 0; round < 3000; round++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => @"a/[](){}*+?|^$.\:-,19ds"[random.Next(23)])]);
            var pattern = HttpPattern.Of(text, out var problem);
            Assert.NotEqual(pattern is null, problem is null);
            if (pattern is null) refused++;
            else taken += pattern.Matches("/a") ? 1 : 1;
        }

        Assert.True(taken > 300 && refused > 300, $"{taken} taken, {refused} refused");
    }

    [Fact]
    public void Equals_SameText_IsTheSame()
    {
        Assert.Equal(Of("/a.*"), Of("/a.*"));
        Assert.NotEqual(Of("/a.*"), Of("/b.*"));
    }

    private static HttpPattern Of(string text) => HttpPattern.Of(text, out var problem) ?? throw new InvalidOperationException(problem);
}
