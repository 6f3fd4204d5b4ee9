using System.Runtime.InteropServices;
using System.Text.Json;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Proxy.Record.Access;
using ClusterMesh.Tests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.Proxy.Tests.Record;

[Collection(ListenersRunAlone.Name)]
public sealed class AccessLogTests : IDisposable
{
    private const int HangUp = 1;
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private string File1 => Path.Combine(_folder, "access.log");

    [Fact]
    public async Task Line_TextOfClients_IsEscapedBoundedAndHoldsNoSecret()
    {
        var agent = "\"},{\"status\":1} \\ <é>";
        var context = Request(agent);
        context.Request.Headers.Referer = new string('r', 5000);
        context.Request.Headers.Authorization = "Bearer s3cret";
        context.Request.Headers.Cookie = "session=s3cret";
        var text = await WrittenAsync(log => log.Write(Exchange(context), 200, TimeSpan.FromMilliseconds(1.5)));

        var line = JsonDocument.Parse(Assert.Single(text.Split('\n', StringSplitOptions.RemoveEmptyEntries))).RootElement;
        Assert.Equal(agent, line.GetProperty("user_agent").GetString());
        Assert.Equal(2048, line.GetProperty("referer").GetString()!.Length);
        Assert.Equal(1.5, line.GetProperty("duration_ms").GetDouble());
        Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Line_ControlCharactersAndHalfPairs_StayOneValidLine()
    {
        var context = Request("a\nb\rc\u001b[31m\u0085d");
        context.Request.Headers.Referer = new string('x', 2047) + "😀";
        var text = await WrittenAsync(log => log.Write(Exchange(context), 200, default));

        Assert.DoesNotContain(text[..^1], char.IsControl);
        var line = JsonDocument.Parse(text).RootElement;
        Assert.Equal("a\nb\rc\u001b[31m\u0085d", line.GetProperty("user_agent").GetString());
        Assert.Equal(new string('x', 2047), line.GetProperty("referer").GetString());
    }

    [Theory]
    [InlineData(EndReason.Ok, false, "-")]
    [InlineData(EndReason.Ok, true, "URX")]
    [InlineData(EndReason.ConnectFailed, true, "UF,URX")]
    [InlineData(EndReason.Timeout, false, "UT")]
    public async Task Line_Flags_AreEnvoys(EndReason end, bool spent, string flags)
    {
        var exchange = Exchange(Request("x"));
        (exchange.End, exchange.RetriesSpent) = (end, spent);
        var text = await WrittenAsync(log => log.Write(exchange, 200, default));
        Assert.Equal(flags, JsonDocument.Parse(text).RootElement.GetProperty("flags").GetString());
    }

    [Fact]
    public async Task Write_FileHangs_DropsAndCountsAndNeverWaits()
    {
        using var gate = new ManualResetEventSlim();
        var stream = new GatedStream(gate);
        await using (var log = new AccessLog(new(() => stream), rotates: false, TimeProvider.System, NullLogger.Instance))
        {
            var exchange = Exchange(Request("x"));
            log.Write(exchange, 200, default);
            await Eventually.TrueAsync(() => stream.Waiting, "the writer hangs on its file");
            for (var i = 0; i < AccessLog.Capacity + 100; i++) log.Write(exchange, 200, default);
            Assert.Equal(100, log.Dropped);
            gate.Set();
        }

        Assert.Equal(AccessLog.Capacity + 1, stream.Lines);
    }

    [Fact]
    public async Task Write_FileFails_CountsTheLinesAndGoesOn()
    {
        var stream = new GatedStream(null) { Fails = true };
        await using var log = new AccessLog(new(() => stream), rotates: false, TimeProvider.System, NullLogger.Instance);
        log.Write(Exchange(Request("x")), 200, default);
        await Eventually.TrueAsync(() => log.Dropped == 1, "the lost line is counted");
        stream.Fails = false;
        log.Write(Exchange(Request("x")), 200, default);
        await Eventually.TrueAsync(() => stream.Lines == 1, "the next line is written");
    }

    [Fact]
    public async Task HangUp_FileWasMoved_GoesOnInANewOne()
    {
        await using var log = AccessLog.Open(File1, TimeProvider.System, NullLogger.Instance)!;
        log.Write(Exchange(Request("before")), 200, default);
        await Eventually.TrueAsync(() => File.ReadAllText(File1).Contains("before", StringComparison.Ordinal), "the first line is written");
        File.Move(File1, File1 + ".1");
        Assert.Equal(0, Kill(Environment.ProcessId, HangUp));
        await Eventually.TrueAsync(() => File.Exists(File1), "the file is opened again");
        log.Write(Exchange(Request("after")), 200, default);
        await Eventually.TrueAsync(() => File.ReadAllText(File1).Contains("after", StringComparison.Ordinal), "the next line is in the new file");
        Assert.DoesNotContain("after", File.ReadAllText(File1 + ".1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_FileWasCutShort_LeavesNoHole()
    {
        await using var log = AccessLog.Open(File1, TimeProvider.System, NullLogger.Instance)!;
        log.Write(Exchange(Request("before")), 200, default);
        await Eventually.TrueAsync(() => new FileInfo(File1).Length > 0, "the first line is written");
        await File.WriteAllTextAsync(File1, "");
        log.Write(Exchange(Request("after")), 200, default);
        await Eventually.TrueAsync(() => new FileInfo(File1).Length > 0, "the next line is written");
        Assert.StartsWith("{", await File.ReadAllTextAsync(File1), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_Off_IsNoLog() => Assert.Null(AccessLog.Open("off", TimeProvider.System, NullLogger.Instance));

    [Fact]
    public void Open_FolderMissing_NamesTheFile()
    {
        var path = Path.Combine(_folder, "none", "access.log");
        var error = Assert.Throws<IOException>(() => AccessLog.Open(path, TimeProvider.System, NullLogger.Instance));
        Assert.StartsWith($"access log {path} cannot be opened: ", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string> WrittenAsync(Action<AccessLog> write)
    {
        await using (var log = AccessLog.Open(File1, TimeProvider.System, NullLogger.Instance)!) write(log);
        return await File.ReadAllTextAsync(File1);
    }

    private static DefaultHttpContext Request(string agent)
    {
        var context = new DefaultHttpContext();
        (context.Request.Method, context.Request.Host, context.Request.Protocol) = ("GET", new("foo.example"), "HTTP/1.1");
        context.Request.Headers.UserAgent = agent;
        return context;
    }

    private static Exchange Exchange(HttpContext context) => new(context, 0) { RequestId = "id" };

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    private sealed class GatedStream(ManualResetEventSlim? gate) : MemoryStream
    {
        private volatile int _lines;

        public bool Fails { get; set; }

        public bool Waiting { get; private set; }

        public int Lines => _lines;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Fails) throw new IOException("disk full");
            Waiting = true;
            gate?.Wait();
            _lines += buffer.Count((byte)'\n');
        }
    }
}
