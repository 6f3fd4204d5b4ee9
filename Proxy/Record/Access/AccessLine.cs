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

    // Length of "2026-01-01T00:00:00.000".
    private const int Milliseconds = 23;

    // Encoded once: the writer then only copies them.
    private static readonly JsonEncodedText
        s_time = JsonEncodedText.Encode("time"), s_method = JsonEncodedText.Encode("method"), s_host = JsonEncodedText.Encode("host"),
        s_path = JsonEncodedText.Encode("path"), s_url = JsonEncodedText.Encode("url"), s_protocol = JsonEncodedText.Encode("protocol"),
        s_status = JsonEncodedText.Encode("status"), s_end = JsonEncodedText.Encode("end"), s_flags = JsonEncodedText.Encode("flags"),
        s_durationMs = JsonEncodedText.Encode("duration_ms"), s_route = JsonEncodedText.Encode("route"),
        s_owner = JsonEncodedText.Encode("owner"), s_service = JsonEncodedText.Encode("service"),
        s_split = JsonEncodedText.Encode("split"), s_cluster = JsonEncodedText.Encode("cluster"),
        s_reason = JsonEncodedText.Encode("reason"), s_backend = JsonEncodedText.Encode("backend"),
        s_pod = JsonEncodedText.Encode("pod"), s_attempts = JsonEncodedText.Encode("attempts"),
        s_upstreamStatus = JsonEncodedText.Encode("upstream_status"), s_requestBytes = JsonEncodedText.Encode("request_bytes"),
        s_responseBytes = JsonEncodedText.Encode("response_bytes"), s_client = JsonEncodedText.Encode("client"),
        s_requestId = JsonEncodedText.Encode("request_id"), s_traceId = JsonEncodedText.Encode("trace_id"),
        s_userAgent = JsonEncodedText.Encode("user_agent"), s_referer = JsonEncodedText.Encode("referer");

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
        // RFC 3339 with seven digits of a second, of which three are kept.
        entry.Time.UtcDateTime.TryFormat(time, out _, "O", CultureInfo.InvariantCulture);
        time[Milliseconds] = 'Z';
        _json.WriteString(s_time, time[..(Milliseconds + 1)]);
        Bounded(s_method, entry.Method);
        Bounded(s_host, entry.Host);
        Bounded(s_path, entry.Path);
        Bounded(s_url, entry.Url);
        _json.WriteString(s_protocol, entry.Protocol);
    }

    private void Outcome(AccessEntry entry)
    {
        _json.WriteNumber(s_status, entry.Status);
        _json.WriteString(s_end, entry.End.Text());
        _json.WriteString(s_flags, Flags(entry));
        _json.WriteNumber(s_durationMs, Math.Round(entry.Duration.TotalMilliseconds, 3));
    }

    private void Decision(AccessEntry entry)
    {
        _json.WriteString(s_route, entry.Route);
        _json.WriteString(s_owner, entry.Owner);
        _json.WriteString(s_service, entry.Service);
        _json.WriteString(s_split, entry.Split?.Text());
        _json.WriteString(s_cluster, entry.Backend?.Cluster);
        _json.WriteString(s_reason, entry.Backend is null ? null : entry.Reason.Text());
        _json.WriteString(s_backend, entry.Backend?.Authority);
        _json.WriteString(s_pod, entry.Backend?.Pod);
        _json.WriteNumber(s_attempts, entry.Attempts);
        Number(s_upstreamStatus, entry.UpstreamStatus == 0 ? null : entry.UpstreamStatus);
    }

    private void Sizes(AccessEntry entry)
    {
        Number(s_requestBytes, entry.RequestBytes);
        Number(s_responseBytes, entry.ResponseBytes);
    }

    private void Client(AccessEntry entry)
    {
        Span<char> address = stackalloc char[64];
        if (entry.Client is { } client && client.TryFormat(address, out var length)) _json.WriteString(s_client, address[..length]);
        else _json.WriteNull(s_client);
        Bounded(s_requestId, entry.RequestId);
        _json.WriteString(s_traceId, entry.TraceId);
        Bounded(s_userAgent, entry.UserAgent);
        Bounded(s_referer, entry.Referer);
    }

    // Envoy's words; URX beside what the last attempt ended with.
    private static string Flags(AccessEntry entry)
    {
        var flag = entry.End.Flag();
        if (!entry.RetriesSpent) return flag;
        return flag == "-" ? "URX" : flag + ",URX";
    }

    private void Bounded(JsonEncodedText name, string? text) => _json.WriteString(name, text is null ? null : Text.Cut(text, Longest));

    private void Number(JsonEncodedText name, long? number)
    {
        if (number is { } value) _json.WriteNumber(name, value);
        else _json.WriteNull(name);
    }
}
