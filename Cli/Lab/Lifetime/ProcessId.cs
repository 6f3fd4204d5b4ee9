using System.Globalization;
using System.Text.Json.Serialization;

namespace ClusterMesh.Cli.Lab.Lifetime;

/// <summary>A process for certain: numbers are used again, a number with its start time is not.</summary>
/// <param name="Start">In ticks since boot, field 22 of /proc/PID/stat (proc(5)).</param>
internal sealed record ProcessId(int Pid, long Start)
{
    public static ProcessId? Of(int pid)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            // The second field is a name in brackets with anything in it.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : new(pid, long.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    [JsonIgnore]
    public bool IsAlive => Of(Pid) == this;
}
