using System.Buffers;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Proxy.Record.Access;

/// <summary>
/// The access log: requests put their entry into a bounded queue and go on; one task writes lines in batches. Where it cannot
/// keep up, entries are dropped and counted: a slow disk never slows a request.
/// </summary>
internal sealed partial class AccessLog : IAsyncDisposable
{
    public const int Capacity = 16_384;
    private const int Batch = 64 * 1024;

    // Entries are gathered for so long before they are written: one wake-up for all of them, not one for each.
    private static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly Channel<AccessEntry> _entries = Channel.CreateBounded<AccessEntry>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly ArrayBufferWriter<byte> _buffer = new(Batch * 2);
    private readonly CancellationTokenSource _hurry = new();
    private readonly AccessLine _line;
    private readonly LogFile _file;
    private readonly PosixSignalRegistration? _hangUp;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Task _work;
    private long _dropped;
    private int _inBatch;
    private bool _failing;

    /// <param name="rotates">SIGHUP opens the file again.</param>
    public AccessLog(LogFile file, bool rotates, TimeProvider time, ILogger log)
    {
        (_file, _time, _log) = (file, time, log);
        _line = new(_buffer);
        if (rotates) _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnHangUp);
        _work = Task.Run(WriteAsync);
    }

    /// <summary>Entries that never became a line.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Null for "off". Throws IOException where the file cannot be opened.</summary>
    public static AccessLog? Open(string setting, TimeProvider time, ILogger log) =>
        setting is "off" or "" ? null : new(LogFile.Open(setting), setting != "-", time, log);

    public void Write(Exchange exchange, int status, TimeSpan duration)
    {
        if (!_entries.Writer.TryWrite(AccessEntry.Of(exchange, status, _time.GetUtcNow() - duration, duration))) Interlocked.Increment(ref _dropped);
    }

    public void Reopen()
    {
        try
        {
            _file.Reopen();
        }
        catch (IOException exception)
        {
            LogNotReopened(exception.Message);
        }
    }

    /// <summary>Writes what is queued, for a bounded time.</summary>
    public async ValueTask DisposeAsync()
    {
        _hangUp?.Dispose();
        _entries.Writer.TryComplete();
        await _hurry.CancelAsync();
        await Task.WhenAny(_work, Task.Delay(s_patience, _time));
        // A writer that still hangs on its file keeps it: closing it under the writer's feet would hang here too.
        if (_work.IsCompleted)
        {
            _file.Dispose();
            _line.Dispose();
        }

        _hurry.Dispose();
    }

    private async Task WriteAsync()
    {
        var hurry = _hurry.Token;
        while (await _entries.Reader.WaitToReadAsync())
        {
            await Task.Delay(s_gather, _time, hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (_entries.Reader.TryRead(out var entry))
            {
                _line.Write(entry);
                _inBatch++;
                if (_buffer.WrittenCount >= Batch) Flush();
            }

            Flush();
        }
    }

    private void Flush()
    {
        if (_inBatch == 0) return;
        try
        {
            _file.Write(_buffer.WrittenSpan);
            _failing = false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Interlocked.Add(ref _dropped, _inBatch);
            if (!_failing) LogNotWritten(exception.Message);
            _failing = true;
        }

        _buffer.ResetWrittenCount();
        _inBatch = 0;
    }

    private void OnHangUp(PosixSignalContext context)
    {
        context.Cancel = true;
        Reopen();
    }

    [LoggerMessage(20, LogLevel.Error, "the access log cannot be written: {Reason}; its lines are dropped and counted until it can")]
    private partial void LogNotWritten(string reason);

    [LoggerMessage(21, LogLevel.Error, "{Reason}; the access log goes on in the file that is open")]
    private partial void LogNotReopened(string reason);
}
