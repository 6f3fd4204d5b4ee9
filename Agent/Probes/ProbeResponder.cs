using System.Net;

namespace ClusterMesh.Agent.Probes;

/// <summary>Whether another agent's question is answered: only to nodes that are known, only where it is us who is meant, and not too often.</summary>
internal sealed class ProbeResponder(string ownName, Func<IPAddress, bool> isKnown)
{
    /// <summary>Of one node in a second; probes come twice a second, and from a node whose agent restarts a few more.</summary>
    private const int MostPerSecond = 32;

    private readonly ulong _own = ProbePacket.Hash(ownName);
    private readonly Dictionary<IPAddress, int> _answered = [];
    private TimeSpan _second;

    public ProbeAnswer Judge(ProbePacket question, IPAddress from, TimeSpan now)
    {
        if (!isKnown(from)) return ProbeAnswer.UnknownSender;
        if (question.Asked != _own) return ProbeAnswer.NotUs;
        if (now - _second >= TimeSpan.FromSeconds(1))
        {
            _answered.Clear();
            _second = now;
        }

        var count = _answered[from] = _answered.GetValueOrDefault(from) + 1;
        return count > MostPerSecond ? ProbeAnswer.TooOften : ProbeAnswer.Give;
    }
}

internal enum ProbeAnswer { Give, UnknownSender, NotUs, TooOften }
