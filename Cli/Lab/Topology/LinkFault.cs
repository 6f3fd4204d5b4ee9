using System.Globalization;

namespace ClusterMesh.Cli.Lab.Topology;

/// <summary>What a link does to the packets that go to its far end.</summary>
/// <param name="Loss">0..1 of them are lost.</param>
internal readonly record struct LinkFault(TimeSpan Delay, double Loss)
{
    public bool IsNone => Delay == TimeSpan.Zero && Loss == 0;

    /// <summary>"1%", or "0.01"; at most all.</summary>
    public static bool TryParseLoss(string text, out double loss)
    {
        var percent = text.EndsWith('%');
        var read = double.TryParse(percent ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out loss);
        if (percent) loss /= 100;
        return read && loss is >= 0 and <= 1;
    }
}
