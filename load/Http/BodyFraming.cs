namespace ClusterMesh.Load.Http;

/// <summary>Finds the end of a body as its bytes go by; the bytes themselves are dropped.</summary>
internal struct BodyFraming
{
    private enum Part { Counted, ToEnd, ChunkSize, ChunkSizeRest, ChunkBytes, ChunkEnd, TrailerStart, TrailerRest, Done, Broken }

    private Part _part;
    private long _left;
    private bool _digitSeen;

    public static BodyFraming OfLength(long length) => new() { _part = length == 0 ? Part.Done : Part.Counted, _left = length };

    public static BodyFraming OfChunks() => new() { _part = Part.ChunkSize };

    public static BodyFraming UntilClose() => new() { _part = Part.ToEnd };

    public readonly bool Done => _part == Part.Done;

    public readonly bool Broken => _part == Part.Broken;

    /// <summary>Whether the end of the connection is the proper end of the body.</summary>
    public readonly bool EndsAtClose => _part is Part.ToEnd or Part.Done;

    /// <summary>Takes what belongs to the body and says how many bytes that was.</summary>
    public int Take(ReadOnlySpan<byte> bytes)
    {
        var taken = 0;
        while (taken < bytes.Length && _part is not (Part.Done or Part.Broken))
            taken += _part is Part.Counted or Part.ChunkBytes or Part.ToEnd ? TakeRun(bytes.Length - taken) : TakeByte(bytes[taken]);
        return taken;
    }

    private int TakeRun(int available)
    {
        if (_part == Part.ToEnd)
            return available;
        var run = (int)Math.Min(available, _left);
        _left -= run;
        if (_left == 0)
            _part = _part == Part.Counted ? Part.Done : Part.ChunkEnd;
        return run;
    }

    private int TakeByte(byte value)
    {
        var newLine = value == (byte)'\n';
        _part = _part switch
        {
            Part.ChunkSize => SizeDigit(value),
            Part.ChunkSizeRest => newLine ? AfterSize() : Part.ChunkSizeRest,
            Part.ChunkEnd => newLine ? Part.ChunkSize : value == (byte)'\r' ? Part.ChunkEnd : Part.Broken,
            Part.TrailerStart => newLine ? Part.Done : value == (byte)'\r' ? Part.TrailerStart : Part.TrailerRest,
            Part.TrailerRest => newLine ? Part.TrailerStart : Part.TrailerRest,
            _ => Part.Broken,
        };
        return 1;
    }

    private Part SizeDigit(byte value)
    {
        if (char.IsAsciiHexDigit((char)value))
        {
            _digitSeen = true;
            _left = (_left << 4) + Digit(value);
            return _left > int.MaxValue ? Part.Broken : Part.ChunkSize;
        }

        return _digitSeen && (value is (byte)'\r' or (byte)';' or (byte)' ') ? Part.ChunkSizeRest : Part.Broken;
    }

    private static int Digit(byte hex) => hex <= (byte)'9' ? hex - '0' : (hex | 0x20) - 'a' + 10;

    private Part AfterSize()
    {
        _digitSeen = false;
        return _left == 0 ? Part.TrailerStart : Part.ChunkBytes;
    }
}
