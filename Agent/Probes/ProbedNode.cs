namespace ClusterMesh.Agent.Probes;

/// <summary>One node and its rounds: a question to its agent, and echo requests to its kernel where the agent is not heard.</summary>
internal sealed class ProbedNode(ProbeTarget target, ProbeJudge judge, TimeSpan firstRound)
{
    private const int Remembered = 8;

    private readonly TimeSpan[] _sent = new TimeSpan[Remembered];
    private bool _agentHeard, _kernelHeard, _kernelAsked;

    public ProbeTarget Target { get; } = target;

    public string Name { get; } = target.Name;

    public ulong NameHash { get; } = ProbePacket.Hash(target.Name);

    public ProbeJudge Judge { get; } = judge;

    /// <summary>Of the newest round.</summary>
    public uint Sequence { get; private set; }

    public TimeSpan Began { get; private set; }

    public TimeSpan NextRound { get; private set; } = firstRound;

    /// <summary>It has begun, and is not judged yet.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>When the next echo request of this round is due, if any is left.</summary>
    public TimeSpan NextEcho { get; private set; }

    public int EchosLeft { get; private set; }

    /// <summary>Whether its kernel answered when it was last asked while its agent answered, too.</summary>
    public bool KernelAnswers { get; private set; }

    public TimeSpan? Rtt { get; private set; }

    /// <summary>The agent is heard: asking the kernel, too, is only to learn whether it would answer.</summary>
    private bool IsCheckDue => KernelAnswers ? Sequence % 64 == 0 : Sequence < 6 || Sequence % 8 == 0;

    private bool IsSuspect => Judge.Lost > 0 || Judge.Verdict == NodeVerdict.Unreachable;

    /// <param name="echos">Of a node that was not heard in its last round.</param>
    public void Begin(TimeSpan now, TimeSpan interval, int echos)
    {
        Sequence++;
        (Began, NextRound, NextEcho, IsOpen) = (now, now + interval, now, true);
        EchosLeft = IsSuspect ? Judge.Verdict == NodeVerdict.Unreachable ? 1 : echos : IsCheckDue ? 1 : 0;
        _kernelAsked = EchosLeft > 0;
        _sent[Sequence % Remembered] = now;
    }

    /// <summary>The next round is due so long after this one, if not sooner.</summary>
    public void Hurry(TimeSpan interval) => NextRound = Began + interval < NextRound ? Began + interval : NextRound;

    public void SendEcho(TimeSpan next) => (EchosLeft, NextEcho) = (EchosLeft - 1, next);

    /// <summary>Its agent answered, maybe to an earlier round. False: to none that is remembered.</summary>
    public bool HearAgent(uint sequence, TimeSpan now)
    {
        if (Sequence - sequence >= Remembered || sequence == 0) return false;
        _agentHeard = true;
        Rtt = now - _sent[sequence % Remembered];
        return true;
    }

    /// <summary>Its kernel answered: an echo reply, or that nobody listens at the port.</summary>
    public void HearKernel() => _kernelHeard = true;

    /// <summary>Judges the round; true: it was answered.</summary>
    public bool Close(TimeSpan now)
    {
        (IsOpen, EchosLeft) = (false, 0);
        if (_kernelHeard) KernelAnswers = true;
        else if (_agentHeard && _kernelAsked) KernelAnswers = false;
        var heard = _agentHeard || _kernelHeard;
        if (heard) Judge.Hear(Began, now);
        else Judge.Miss(Began);
        // What comes from now on counts for the next round.
        (_agentHeard, _kernelHeard) = (false, false);
        return heard;
    }

    /// <summary>Its round does not count, as it was us who heard nothing.</summary>
    public void Forgive()
    {
        IsOpen = false;
        Judge.Forgive();
    }
}
