using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ClusterMesh.Mesh.Grpc;
using ClusterMesh.Mesh.Tests.Grpc.Protos;
using ClusterMesh.Tests;
using Google.Protobuf;

namespace ClusterMesh.Mesh.Tests.Grpc;

/// <summary>Our client against our server, on each kind of listener.</summary>
public sealed class GrpcCallTests : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(15);
    private readonly List<GrpcChannel> _channels = [];
    private ChatServer _server = null!;

    public static TheoryData<string> Listeners => ["plain", "tls", "unix"];

    public async Task InitializeAsync() => _server = await ChatServer.StartAsync();

    public async Task DisposeAsync()
    {
        foreach (var channel in _channels) channel.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Listeners))]
    public async Task Unary_OverEachListener_IsAnswered(string listener)
    {
        var answer = await Channel(listener).UnaryAsync(ChatMethods.Say, new Line { Text = "é", Number = 7 });
        Assert.Equal(("é", 7), (answer.Text, answer.Number));
    }

    [Theory]
    [MemberData(nameof(Listeners))]
    public async Task ServerStream_OverEachListener_GivesAllInOrder(string listener)
    {
        var answers = await Channel(listener).ServerStreamAsync(ChatMethods.Count, new Line { Number = 5000, Bulk = ByteString.CopyFrom(new byte[100]) }).ToListAsync();
        Assert.Equal(Enumerable.Range(1, 5000), answers.Select(line => line.Number));
    }

    [Theory]
    [MemberData(nameof(Listeners))]
    public async Task Duplex_OverEachListener_AnswersWhileItLasts(string listener)
    {
        using var talk = Channel(listener).Duplex(ChatMethods.Talk);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(talk.TrySend(new Line { Number = i }));
            Assert.Equal(i, (await talk.ReadAsync())!.Number);
        }

        talk.Complete();
        Assert.False(talk.TrySend(new Line()));
        Assert.Null(await talk.ReadAsync());
    }

    [Fact]
    public async Task Duplex_EndedByServer_EndsWithOk()
    {
        using var talk = Channel().Duplex(ChatMethods.Talk);
        talk.TrySend(new Line { Text = "bye" });
        Assert.Equal("bye", (await talk.ReadAsync())!.Text);
        Assert.Null(await talk.ReadAsync());
    }

    [Fact]
    public async Task Duplex_Disposed_CancelsTheHandler()
    {
        var talk = Channel().Duplex(ChatMethods.Talk);
        talk.TrySend(new Line());
        await talk.ReadAsync();
        var reading = talk.ReadAsync();
        talk.Dispose();
        await Eventually.TrueAsync(() => _server is { Running: 0, Cancelled: 1 }, "the handler is cancelled");
        Assert.Equal(GrpcStatus.Unavailable, (await Assert.ThrowsAsync<GrpcException>(() => reading.AsTask())).Status);
    }

    [Fact]
    public async Task ServerStream_Left_CancelsTheHandler()
    {
        await foreach (var line in Channel().ServerStreamAsync(ChatMethods.Count, new Line()))
        {
            if (line.Number == 10)
                break;
        }

        await Eventually.TrueAsync(() => _server is { Running: 0, Cancelled: 1 }, "the handler is cancelled");
    }

    [Fact]
    public async Task ServerStream_BeforeItsFirstMessage_HasBegun()
    {
        using var cancel = new CancellationTokenSource();
        await using var stream = Channel().ServerStreamAsync(ChatMethods.Count, new Line { Text = "hang" }, cancel: cancel.Token).GetAsyncEnumerator();
        for (var i = 1; i <= 3; i++)
        {
            Assert.True(await stream.MoveNextAsync());
            Assert.Equal(i, stream.Current.Number);
        }

        var next = stream.MoveNextAsync();
        await cancel.CancelAsync();
        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.AsTask().WaitAsync(s_limit));
        Assert.Equal(cancel.Token, e.CancellationToken);
        await Eventually.TrueAsync(() => _server.Running == 0, "the handler is cancelled");
    }

    [Fact]
    public async Task ServerStream_FailingLater_GivesWhatCameBefore()
    {
        var seen = new List<int>();
        var e = await Assert.ThrowsAsync<GrpcException>(async () =>
        {
            await foreach (var line in Channel().ServerStreamAsync(ChatMethods.Count, new Line { Text = "fail" })) seen.Add(line.Number);
        });
        Assert.Equal([1, 2, 3], seen);
        Assert.Equal((GrpcStatus.FailedPrecondition, "three is enough"), (e.Status, e.Detail));
    }

    [Theory]
    [InlineData("missing", GrpcStatus.NotFound, "no café: 100%\n")]
    [InlineData("crash", GrpcStatus.Unknown, "the method failed")]
    [InlineData("long", GrpcStatus.ResourceExhausted, null)]
    public async Task Unary_WhoseHandlerFails_GivesItsStatus(string text, GrpcStatus status, string? detail)
    {
        var e = await Assert.ThrowsAsync<GrpcException>(() => Channel().UnaryAsync(ChatMethods.Say, new Line { Text = text }));
        Assert.Equal((status, GrpcBreak.None), (e.Status, e.Break));
        Assert.Equal(detail ?? e.Detail, e.Detail);
    }

    [Fact]
    public async Task Unary_PastItsDeadline_IsDeadlineExceededOnBothSides()
    {
        var e = await Assert.ThrowsAsync<GrpcException>(
            () => Channel().UnaryAsync(ChatMethods.Say, new Line { Text = "hang" }, TimeSpan.FromMilliseconds(100)));
        Assert.Equal(GrpcStatus.DeadlineExceeded, e.Status);
        await Eventually.TrueAsync(() => _server is { Running: 0, Cancelled: 1 }, "the handler is cancelled");
    }

    [Fact]
    public async Task Unary_WithDeadline_TellsTheServer()
    {
        Assert.Equal(90, (await Channel().UnaryAsync(ChatMethods.Say, new Line { Text = "deadline" }, TimeSpan.FromSeconds(90))).Number);
        Assert.Equal(-1, (await Channel().UnaryAsync(ChatMethods.Say, new Line { Text = "deadline" })).Number);
    }

    [Fact]
    public async Task Unary_OfUnknownMethod_IsUnimplemented()
    {
        var e = await Assert.ThrowsAsync<GrpcException>(() => Channel().UnaryAsync(ChatMethods.Nobody, new Line()));
        Assert.Equal(GrpcStatus.Unimplemented, e.Status);
    }

    [Fact]
    public async Task Message_OverTheServersLimit_IsResourceExhausted()
    {
        var e = await Assert.ThrowsAsync<GrpcException>(
            () => Channel().UnaryAsync(ChatMethods.Say, new Line { Bulk = ByteString.CopyFrom(new byte[ChatServer.MaxMessage]) }));
        Assert.Equal((GrpcStatus.ResourceExhausted, GrpcBreak.None), (e.Status, e.Break));
    }

    [Fact]
    public async Task Message_OverTheClientsLimits_IsNeitherSentNorTaken()
    {
        var narrow = Channel(limits: new GrpcLimits(Receive: 1000, Send: 500));
        var large = new Line { Bulk = ByteString.CopyFrom(new byte[600]) };
        Assert.Equal(GrpcBreak.TooLarge, (await Assert.ThrowsAsync<GrpcException>(() => narrow.UnaryAsync(ChatMethods.Say, large))).Break);
        using var talk = narrow.Duplex(ChatMethods.Talk);
        Assert.Equal(GrpcBreak.TooLarge, Assert.Throws<GrpcException>(() => talk.TrySend(large)).Break);
        var roomy = Channel(limits: new GrpcLimits(Receive: 500, Send: 1000));
        Assert.Equal(GrpcBreak.TooLarge, (await Assert.ThrowsAsync<GrpcException>(() => roomy.UnaryAsync(ChatMethods.Say, large))).Break);
    }

    [Theory]
    [InlineData("Status", GrpcStatus.Unavailable)]
    [InlineData("Html", GrpcStatus.Unknown)]
    [InlineData("Silent", GrpcStatus.Internal)]
    [InlineData("Cut", GrpcStatus.Unavailable)]
    [InlineData("Compressed", GrpcStatus.Unimplemented)]
    [InlineData("Garbage", GrpcStatus.Internal)]
    public async Task Answer_OfAServerThatErrs_IsAStatus(string path, GrpcStatus status)
    {
        var method = new GrpcMethod<Line, Line>("raw", path, Line.Parser, Line.Parser);
        var e = await Assert.ThrowsAsync<GrpcException>(() => Channel().UnaryAsync(method, new Line()));
        Assert.Equal(status, e.Status);
    }

    [Fact]
    public async Task Server_ThatIsGone_WasNotSentTheCall()
    {
        var channel = new GrpcChannel(new($"http://127.0.0.1:{EtcdProcess.FreePort()}"), TimeProvider.System);
        _channels.Add(channel);
        var e = await Assert.ThrowsAsync<GrpcException>(() => channel.UnaryAsync(ChatMethods.Say, new Line()));
        Assert.Equal((GrpcStatus.Unavailable, GrpcBreak.NotSent), (e.Status, e.Break));
        Assert.Contains("refused", e.Detail);
        var absent = new GrpcChannel(new("unix:///nowhere/chat.sock"), TimeProvider.System);
        _channels.Add(absent);
        Assert.Equal(GrpcBreak.NotSent, (await Assert.ThrowsAsync<GrpcException>(() => absent.UnaryAsync(ChatMethods.Say, new Line()))).Break);
    }

    [Fact]
    public async Task Server_StoppedDuringAStream_IsABreak()
    {
        await using var stream = Channel().ServerStreamAsync(ChatMethods.Count, new Line { Text = "hang" }).GetAsyncEnumerator();
        for (var i = 0; i < 3; i++) Assert.True(await stream.MoveNextAsync());
        var next = stream.MoveNextAsync();
        await _server.StopAtOnceAsync();
        var e = await Assert.ThrowsAsync<GrpcException>(() => next.AsTask().WaitAsync(s_limit));
        Assert.Equal((GrpcStatus.Unavailable, GrpcBreak.Broken), (e.Status, e.Break));
    }

    [Fact]
    public async Task Tls_OfUnknownAuthority_IsToldApart()
    {
        var channel = new GrpcChannel(_server.Tls, TimeProvider.System);
        _channels.Add(channel);
        var e = await Assert.ThrowsAsync<GrpcException>(() => channel.UnaryAsync(ChatMethods.Say, new Line()));
        Assert.Equal((GrpcStatus.Unavailable, GrpcBreak.Tls), (e.Status, e.Break));
    }

    [Fact]
    public async Task Unary_WithCancelledToken_IsOperationCanceled()
    {
        using var cancel = new CancellationTokenSource();
        var call = Channel().UnaryAsync(ChatMethods.Say, new Line { Text = "hang" }, cancel: cancel.Token);
        await Eventually.TrueAsync(() => _server.Running == 1, "the handler runs");
        await cancel.CancelAsync();
        Assert.Equal(cancel.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call)).CancellationToken);
        await Eventually.TrueAsync(() => _server is { Running: 0, Cancelled: 1 }, "the handler is cancelled");
    }

    private GrpcChannel Channel(string listener = "plain", GrpcLimits? limits = null)
    {
        var address = listener switch { "tls" => _server.Tls, "unix" => _server.Unix, _ => _server.Plain };
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(_server.Authority.CertificatePem));
        var tls = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        var channel = new GrpcChannel(address, TimeProvider.System, new GrpcChannelConfig { Tls = tls, Limits = limits ?? GrpcLimits.Default });
        _channels.Add(channel);
        return channel;
    }
}
