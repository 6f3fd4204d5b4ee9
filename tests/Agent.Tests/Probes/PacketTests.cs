using System.Net;
using ClusterMesh.Agent.Probes;

namespace ClusterMesh.Agent.Tests.Probes;

public sealed class PacketTests
{
    private static readonly ProbePacket s_question = new(false, 0x1122334455667788, 7, ProbePacket.Hash("west/n1"), ProbePacket.Hash("east/e1"));

    [Fact]
    public void Question_WrittenAndRead_IsTheSame()
    {
        var bytes = new byte[ProbePacket.Size];
        s_question.Write(bytes);
        Assert.Equal(s_question, ProbePacket.Read(bytes));
        (s_question with { IsAnswer = true }).Write(bytes);
        Assert.True(ProbePacket.Read(bytes)!.Value.IsAnswer);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(4, 2)]
    [InlineData(5, 0)]
    [InlineData(5, 3)]
    public void Packet_WithAWrongByte_IsNotRead(int at, byte value)
    {
        var bytes = new byte[ProbePacket.Size];
        s_question.Write(bytes);
        bytes[at] = value;
        Assert.Null(ProbePacket.Read(bytes));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(39)]
    [InlineData(41)]
    public void Packet_OfAnotherLength_IsNotRead(int length) => Assert.Null(ProbePacket.Read(new byte[length]));

    [Fact]
    public void Proof_EchoReplyToUs_NamesItsSender()
    {
        var packet = Ip("127.0.0.9", "127.0.0.1", 1, Reply(0xabcd));
        Assert.Equal(IPAddress.Parse("127.0.0.9"), EchoPacket.ReadProof(packet, 0xabcd));
        Assert.Null(EchoPacket.ReadProof(packet, 0xabce));
    }

    [Fact]
    public void Proof_RefusalByTheOneThatWasAsked_NamesIt() =>
        Assert.Equal(IPAddress.Parse("127.0.0.9"), EchoPacket.ReadProof(Refusal("127.0.0.9", "127.0.0.9", code: 3), s_question.Nonce));

    [Theory]
    // A router on the way says that the host is not reachable.
    [InlineData("127.0.0.8", "127.0.0.9", 1)]
    [InlineData("127.0.0.9", "127.0.0.9", 1)]
    // Somebody speaks for another.
    [InlineData("127.0.0.8", "127.0.0.9", 3)]
    public void Proof_OtherErrors_ProveNothing(string from, string asked, byte code) => Assert.Null(EchoPacket.ReadProof(Refusal(from, asked, code), s_question.Nonce));

    [Fact]
    public void Proof_RefusalOfAQuestionThatIsNotOurs_ProvesNothing() => Assert.Null(EchoPacket.ReadProof(Refusal("127.0.0.9", "127.0.0.9", 3), 1));

    [Fact]
    public void Proof_CutOffAnywhere_IsNotReadAndDoesNotThrow()
    {
        byte[][] whole = [Refusal("127.0.0.9", "127.0.0.9", 3), Ip("127.0.0.9", "127.0.0.1", 1, Reply(s_question.Nonce))];
        foreach (var packet in whole)
            for (var length = 0; length < packet.Length; length++)
                Assert.Null(EchoPacket.ReadProof(packet.AsSpan(0, length), s_question.Nonce));
    }

    private static byte[] Reply(ulong nonce)
    {
        var bytes = new byte[EchoPacket.Size];
        EchoPacket.WriteRequest(bytes, nonce, 1);
        bytes[0] = 0;
        return bytes;
    }

    private static byte[] Refusal(string from, string asked, byte code)
    {
        var udp = new byte[8 + ProbePacket.Size];
        s_question.Write(udp.AsSpan(8));
        return Ip(from, "127.0.0.1", 1, [3, code, 0, 0, 0, 0, 0, 0, .. Ip("127.0.0.1", asked, 17, udp)]);
    }

    private static byte[] Ip(string from, string to, byte protocol, byte[] payload) =>
        [0x45, 0, 0, (byte)(20 + payload.Length), 0, 0, 0, 0, 64, protocol, 0, 0, .. IPAddress.Parse(from).GetAddressBytes(), .. IPAddress.Parse(to).GetAddressBytes(), .. payload];
}
