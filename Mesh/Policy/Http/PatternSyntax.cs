using System.Globalization;
using System.Text;

namespace ClusterMesh.Mesh.Policy.Http;

/// <summary>
/// Reads an extended POSIX expression, which is what policies are written in, where .NET would silently take it for something else:
/// classes such as [[:alpha:]], and a bracket inside of brackets. Counts its states, too: each character of a request may cost that much.
/// </summary>
internal sealed class PatternSyntax
{
    private const int MostStates = 1000;

    private static readonly Dictionary<string, string> s_classes = new(StringComparer.Ordinal)
    {
        ["alnum"] = "0-9A-Za-z", ["alpha"] = "A-Za-z", ["ascii"] = @"\x00-\x7f", ["blank"] = @"\t ", ["cntrl"] = @"\x00-\x1f\x7f", ["digit"] = "0-9", ["graph"] = "!-~",
        ["lower"] = "a-z", ["print"] = " -~", ["punct"] = @"!-/:-@\[-`{-~", ["space"] = @"\t\n\v\f\r ", ["upper"] = "A-Z", ["word"] = "0-9A-Za-z_", ["xdigit"] = "0-9A-Fa-f",
    };

    private readonly string _text;
    private readonly StringBuilder _translated = new();
    private readonly Stack<long> _groups = new();
    private int _at;
    // States of the group so far, and of its last part, which a count multiplies.
    private long _states, _last;

    public PatternSyntax(string text)
    {
        _text = text;
        while (_at < text.Length && Problem is null) Next();
        // What is not closed is the engine's to refuse.
        while (_groups.Count > 0) _states += _groups.Pop();
        if (_states > MostStates) Problem ??= $"counts to about {_states} states, expected at most {MostStates}";
    }

    /// <summary>The same for .NET.</summary>
    public string Translated => _translated.ToString();

    public string? Problem { get; private set; }

    private void Next()
    {
        switch (_text[_at])
        {
            case '\\':
                Copy(Math.Min(2, _text.Length - _at));
                Part(1);
                break;
            case '[':
                Brackets();
                Part(1);
                break;
            case '(':
                _groups.Push(_states);
                _states = 0;
                Copy(1);
                break;
            case ')':
                Copy(1);
                var inside = _states;
                _states = _groups.TryPop(out var outside) ? outside : 0;
                Part(inside);
                break;
            case '{':
                Count();
                break;
            case '*' or '+' or '?' or '|' or '^' or '$':
                Copy(1);
                break;
            default:
                Copy(1);
                Part(1);
                break;
        }
    }

    private void Part(long states)
    {
        _last = states;
        _states += states;
    }

    private void Count()
    {
        var end = _text.IndexOf('}', _at);
        var numbers = end < 0 ? [] : _text[(_at + 1)..end].Split(',');
        if (numbers.Length is not (1 or 2) || !int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out var least))
        {
            Copy(1);
            Part(1);
            return;
        }

        var most = numbers.Length == 2 && int.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : least;
        _states = Math.Min(_states + (_last * Math.Max(most - 1, 0)), int.MaxValue);
        _last = Math.Min(_last * Math.Max(most, 1), int.MaxValue);
        Copy(end + 1 - _at);
    }

    private void Brackets()
    {
        Copy(_text.AsSpan(_at).StartsWith("[^") ? 2 : 1);
        // The first one stands for itself.
        if (_at < _text.Length && _text[_at] == ']') Copy(1);
        while (_at < _text.Length && _text[_at] != ']' && Problem is null)
        {
            if (_text[_at] == '[') Inner();
            else Copy(_text[_at] == '\\' ? Math.Min(2, _text.Length - _at) : 1);
        }

        if (_at < _text.Length && Problem is null) Copy(1);
    }

    private void Inner()
    {
        var kind = _at + 1 < _text.Length ? _text[_at + 1] : ' ';
        var end = kind is ':' or '.' or '=' ? _text.IndexOf($"{kind}]", _at + 2, StringComparison.Ordinal) : -1;
        if (end < 0)
        {
            _translated.Append(@"\[");
            _at++;
            return;
        }

        var members = kind == ':' ? s_classes.GetValueOrDefault(_text[(_at + 2)..end]) : null;
        if (members is null) Problem = $"has {_text[_at..(end + 2)]}, which is not a class of characters here";
        _translated.Append(members);
        _at = end + 2;
    }

    private void Copy(int length)
    {
        _translated.Append(_text, _at, length);
        _at += length;
    }
}
