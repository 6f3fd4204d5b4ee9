namespace ClusterMesh.Load.Http;

internal enum ReadState { Incomplete, Complete, Malformed }

/// <summary>Puts one answer together from what a connection receives, in whatever pieces.</summary>
internal sealed class ResponseReader
{
    private readonly byte[] _headBytes = new byte[16 * 1024];
    private int _headLength;
    private bool _headDone;
    private BodyFraming _body;

    public ResponseHead Head { get; private set; }

    public bool AnyByteSeen { get; private set; }

    /// <summary>At the end of the connection: whether that completes the answer.</summary>
    public bool CompleteAtClose => _headDone && _body.EndsAtClose;

    public void Reset()
    {
        _headLength = 0;
        _headDone = false;
        AnyByteSeen = false;
    }

    /// <summary>Bytes beyond the answer's end are malformed: this client does not pipeline.</summary>
    public ReadState Feed(ReadOnlySpan<byte> bytes)
    {
        AnyByteSeen |= bytes.Length > 0;
        while (!_headDone)
        {
            var taken = TakeHead(bytes);
            if (taken < 0)
                return ReadState.Malformed;
            bytes = bytes[taken..];
            if (bytes.IsEmpty && !_headDone)
                return ReadState.Incomplete;
        }

        bytes = bytes[_body.Take(bytes)..];
        if (_body.Broken || !bytes.IsEmpty)
            return ReadState.Malformed;
        return _body.Done ? ReadState.Complete : ReadState.Incomplete;
    }

    /// <summary>Takes bytes up to the end of a head; -1 when that is no head or too long a one.</summary>
    private int TakeHead(ReadOnlySpan<byte> bytes)
    {
        var copied = Math.Min(bytes.Length, _headBytes.Length - _headLength);
        bytes[..copied].CopyTo(_headBytes.AsSpan(_headLength));
        var searchFrom = Math.Max(0, _headLength - 3);
        var end = _headBytes.AsSpan(searchFrom, _headLength + copied - searchFrom).IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            _headLength += copied;
            return _headLength == _headBytes.Length ? -1 : copied;
        }

        var length = searchFrom + end + 4;
        var taken = length - _headLength;
        if (!ResponseHeadParser.TryParse(_headBytes.AsSpan(0, length), out var head))
            return -1;
        _headLength = 0;
        _headDone = !head.Interim;
        Head = head;
        _body = head.Framing;
        return taken;
    }
}
