using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace ClusterMesh.Bpf.Libbpf;

/// <summary>
/// What libbpf says during a call, the verifier's log of a failure included. libbpf prints on the thread that called it, so that each
/// capture gets its own lines.
/// </summary>
internal sealed unsafe class LibbpfLog : IDisposable
{
    // A smaller one cuts the verifier's log before the line that matters.
    private const int LineBytes = 64 << 10;
    private const int Debug = 2;

    [ThreadStatic]
    private static StringBuilder? _lines;

    private LibbpfLog() => _lines = new StringBuilder();

    public static LibbpfLog Capture()
    {
        NativeObject.SetPrint(&Print);
        return new();
    }

    public string Text => _lines?.ToString().TrimEnd() ?? "";

    public void Dispose() => _lines = null;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Print(int level, byte* format, nint list)
    {
        if (_lines is not { } lines || level >= Debug) return 0;
        var buffer = (byte*)NativeMemory.Alloc(LineBytes);
        try
        {
            var length = LibC.FormatList(buffer, LineBytes, format, list);
            lines.Append(Encoding.UTF8.GetString(buffer, Math.Clamp(length, 0, LineBytes - 1)));
            return 0;
        }
        finally
        {
            NativeMemory.Free(buffer);
        }
    }
}
