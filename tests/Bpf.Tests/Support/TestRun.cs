using System.Buffers.Binary;
using ClusterMesh.Bpf.Libbpf;

namespace ClusterMesh.Bpf.Tests;

/// <summary>BPF_PROG_TEST_RUN: a program run on a frame, without any interface.</summary>
internal static unsafe class TestRun
{
    // struct __sk_buff
    private const int ContextSize = 192, MarkOffset = 8, ControlOffset = 48;

    public static TestRunResult Run(int program, byte[] frame, uint cb0 = 0, uint cb1 = 0, int repeat = 1, uint mark = 0)
    {
        var output = new byte[frame.Length + 256];
        byte[] context = new byte[ContextSize], contextOutput = new byte[ContextSize];
        BinaryPrimitives.WriteUInt32LittleEndian(context.AsSpan(ControlOffset), cb0);
        BinaryPrimitives.WriteUInt32LittleEndian(context.AsSpan(ControlOffset + 4), cb1);
        BinaryPrimitives.WriteUInt32LittleEndian(context.AsSpan(MarkOffset), mark);
        fixed (byte* input = frame, result = output, before = context, after = contextOutput)
        {
            var run = new TestRunOptions
            {
                Size = (nuint)sizeof(TestRunOptions), Repeat = repeat,
                Input = input, InputSize = (uint)frame.Length, Output = result, OutputSize = (uint)output.Length,
                ContextInput = before, ContextInputSize = ContextSize, ContextOutput = after, ContextOutputSize = ContextSize,
            };
            var error = NativeLink.TestRun(program, &run);
            if (error < 0) throw new BpfException("test run", -error);
            return new((Verdict)run.Returned, output[..(int)run.OutputSize], Word(contextOutput, ControlOffset), Word(contextOutput, ControlOffset + 4), Word(contextOutput, MarkOffset), run.DurationNanoseconds);
        }
    }

    private static uint Word(byte[] context, int at) => BinaryPrimitives.ReadUInt32LittleEndian(context.AsSpan(at));
}

internal sealed record TestRunResult(Verdict Verdict, byte[] Frame, uint Cb0, uint Cb1, uint Mark, uint Nanoseconds);

/// <summary>TC_ACT_*.</summary>
internal enum Verdict : uint
{
    Pass = 0,
    Drop = 2,
    Redirect = 7,
}
