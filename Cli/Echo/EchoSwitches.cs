using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Cli.Echo;

/// <summary>What a request asks an echo to do, in its query: ?status=503, ?delay=250ms, ?bytes=N.</summary>
internal sealed record EchoSwitches(int Status, TimeSpan Delay, long? Bytes)
{
    public static readonly EchoSwitches None = new(StatusCodes.Status200OK, TimeSpan.Zero, null);

    /// <summary>False with the reason when a switch has a value that it cannot have.</summary>
    public static bool TryParse(IQueryCollection query, out EchoSwitches switches, out string error)
    {
        switches = None;
        error = "";
        var (status, delay, bytes) = ((string?)query["status"], (string?)query["delay"], (string?)query["bytes"]);
        if (status is not null && !(TryNumber(status, out var code) && code is >= 200 and <= 599))
            error = $"status: '{status}' is not a status from 200 to 599";
        else if (delay is not null && !Duration.TryParse(delay, out _))
            error = $"delay: '{delay}' is not a duration such as 250ms or 2s";
        else if (bytes is not null && !TryNumber(bytes, out _))
            error = $"bytes: '{bytes}' is not a number of bytes";
        else
            switches = new(
                status is null ? None.Status : int.Parse(status, CultureInfo.InvariantCulture),
                delay is null ? TimeSpan.Zero : Duration.Parse(delay),
                bytes is null ? null : long.Parse(bytes, CultureInfo.InvariantCulture));
        return error.Length == 0;
    }

    private static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
