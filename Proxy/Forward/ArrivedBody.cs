using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ClusterMesh.Proxy.Forward;

/// <summary>
/// A small body that has arrived with its headers goes out with them in one piece: no copy loop, no second write. Nothing of the
/// response has gone out while it is read, so that a backend which breaks off is still tried elsewhere.
/// </summary>
internal static class ArrivedBody
{
    private const int Limit = 16 * 1024;

    /// <summary>True = the whole body was passed on; false = what was not read yet is still to be copied.</summary>
    public static async ValueTask<bool> PassAsync(HttpContext context, HttpResponseMessage response, CancellationToken stop)
    {
        var length = LengthOf(response);
        if (length is <= 0 or > Limit || HttpMethods.IsHead(context.Request.Method) || response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotModified) return false;
        var stream = await response.Content.ReadAsStreamAsync(stop);
        var writer = context.Response.BodyWriter;
        var read = await stream.ReadAsync(writer.GetMemory((int)length)[..(int)length], stop);
        if (read == 0) throw new HttpIOException(HttpRequestError.ResponseEnded);
        writer.Advance(read);
        if (read == length) return true;
        await writer.FlushAsync(stop);
        return false;
    }

    // HTTP/2 may send trailers after any body; those are YARP's to copy. As text, for what UpstreamTransformer says of it.
    private static long LengthOf(HttpResponseMessage response) =>
        response.Version.Major == 1 && response.Content.Headers.NonValidated.TryGetValues(HeaderNames.ContentLength, out var values)
        && long.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : 0;
}
