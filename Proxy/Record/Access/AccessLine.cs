using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Telemetry;

namespace ClusterMesh.Proxy.Record.Access;

/// <summary>One entry as one line of JSON. What clients sent is escaped and bounded: it can neither end the line nor fill the disk.</summary>
internal sealed class AccessLine(IBufferWriter<byte> to) : IDisposable
{
    private const int Longest = 2048;

    // Relaxed: it is no part of a web page, so '&' and non-ASCII letters stay readable; control characters are escaped all the same.
    private readonly Utf8JsonWriter _json = new(to, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    public void Write(AccessEntry entry)
    {
        _json.Reset();
        _json.WriteStartObject();
        Request(entry);
        Outcome(entry);
        Decision(entry);
        Sizes(entry);
        Client(entry);
        _json.WriteEndObject();
        _json.Flush();
        to.Write("\n"u8);
    }

    public void Dispose() => _json.Dispose();

    private void Request(AccessEntry entry)
    {
        Span<char> time = stackalloc char[32];
        entry.Time.UtcDateTime.TryFormat(time, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        _json.WriteString("time"u8, time[..length]);
        Bounded("method"u8, entry.Method);
        Bounded("host"u8, entry.Host);
        Bounded("path"u8, entry.Path);
        Bounded("url"u8, entry.Url);
        _json.WriteString("protocol"u8, entry.Protocol);
    }

    private void Outcome(AccessEntry entry)
    {
        _json.WriteNumber("status"u8, entry.Status);
        _json.WriteString("end"u8, entry.End.Text());
        _json.WriteString("flags"u8, Flags(entry));
        _json.WriteNumber("duration_ms"u8, Math.Round(entry.Duration.TotalMilliseconds, 3));
    }

    private void Decision(AccessEntry entry)
    {
        _json.WriteString("route"u8, entry.Route);
        _json.WriteString("owner"u8, entry.Owner);
        _json.WriteString("service"u8, entry.Service);
        _json.WriteString("split"u8, entry.Split?.Text());
        _json.WriteString("cluster"u8, entry.Backend?.Cluster);
        _json.WriteString("reason"u8, entry.Backend is null ? null : entry.Reason.Text());
        _json.WriteString("backend"u8, entry.Backend?.Authority);
        _json.WriteString("pod"u8, entry.Backend?.Pod);
        _json.WriteNumber("attempts"u8, entry.Attempts);
        Number("upstream_status"u8, entry.UpstreamStatus == 0 ? null : entry.UpstreamStatus);
    }

    private void Sizes(AccessEntry entry)
    {
        Number("request_bytes"u8, entry.RequestBytes);
        Number("response_bytes"u8, entry.ResponseBytes);
    }

    private void Client(AccessEntry entry)
    {
        Span<char> address = stackalloc char[64];
        if (entry.Client is { } client && client.TryFormat(address, out var length)) _json.WriteString("client"u8, address[..length]);
        else _json.WriteNull("client"u8);
        Bounded("request_id"u8, entry.RequestId);
        _json.WriteString("trace_id"u8, entry.TraceId);
        Bounded("user_agent"u8, entry.UserAgent);
        Bounded("referer"u8, entry.Referer);
    }

    // Envoy's words; URX beside what the last attempt ended with.
    private static string Flags(AccessEntry entry)
    {
        var flag = entry.End.Flag();
        if (!entry.RetriesSpent) return flag;
        return flag == "-" ? "URX" : flag + ",URX";
    }

    private void Bounded(ReadOnlySpan<byte> name, string? text) => _json.WriteString(name, text is null ? null : Text.Cut(text, Longest));

    private void Number(ReadOnlySpan<byte> name, long? number)
    {
        if (number is { } value) _json.WriteNumber(name, value);
        else _json.WriteNull(name);
    }
}
