using System.Globalization;
using System.Text;

namespace ClusterMesh.Mesh.Patterns;

/// <summary>
/// Reads an expression of the kind that RE2 and extended POSIX have, which is what policies and routes are written in, where .NET would
/// silently take it for something else: classes such as [[:alpha:]], and a bracket inside of brackets. Counts its states, too: each
/// character of a request may cost that much. What would make .NET read on elsewhere than here is refused, or the count would be wrong.
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
                Escape();
                Part(1);
                break;
            case '[':
                Brackets();
                Part(1);
                break;
            case '(':
                Open();
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

    private void Open()
    {
        // Text in comments is none of the pattern's, and so is text behind "#" where an option says it.
        var options = _text.AsSpan(_at).StartsWith("(?") ? _text.AsSpan(_at + 2) : "";
        if (options.StartsWith("#")) Problem = "has a comment, (?#";
        else if (options[..Letters(options)].ContainsAny('x', 'X')) Problem = "has the option x, which is not one here";
        _groups.Push(_states);
        _states = 0;
        Copy(1);
    }

    private static int Letters(ReadOnlySpan<char> options)
    {
        var end = 0;
        while (end < options.Length && (char.IsAsciiLetter(options[end]) || options[end] is '-' or '+')) end++;
        return end;
    }

    private void Escape()
    {
        // .NET's control characters are three long: the third may be a bracket.
        if (_text.AsSpan(_at).StartsWith("\\c")) Problem = @"has \c, which stands for nothing here";
        Copy(Math.Min(2, _text.Length - _at));
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
        if (numbers.Length is not (1 or 2) || !TryParse(numbers[0], out var least) || !TryParse(numbers[^1].Length == 0 ? numbers[0] : numbers[^1], out var most))
        {
            // Stands for itself.
            Copy(1);
            Part(1);
            return;
        }

        _states = Math.Min(_states + (_last * Math.Max(most - 1, 0)), int.MaxValue);
        _last = Math.Min(_last * Math.Max(most, 1), int.MaxValue);
        Copy(end + 1 - _at);
    }

    private static bool TryParse(string number, out int value) => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private void Brackets()
    {
        Copy(_text.AsSpan(_at).StartsWith("[^") ? 2 : 1);
        // The first one stands for itself.
        if (_at < _text.Length && _text[_at] == ']') Copy(1);
        while (_at < _text.Length && _text[_at] != ']' && Problem is null)
        {
            if (_text[_at] == '[') Inner();
            else if (_text[_at] == '\\') Escape();
            else Copy(1);
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
