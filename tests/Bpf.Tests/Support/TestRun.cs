using System.Buffers.Binary;
using ClusterMesh.Bpf.Libbpf;

namespace ClusterMesh.Bpf.Tests;

/// <summary>BPF_PROG_TEST_RUN: a program run on a frame, without any interface.</summary>
internal static unsafe class TestRun
{
    // struct __sk_buff
    private const int ContextSize = 192, ControlOffset = 48;

    public static (Verdict Verdict, byte[] Frame, uint Cb0, uint Cb1, uint Nanoseconds) Run(int program, byte[] frame, uint cb0 = 0, uint cb1 = 0, int repeat = 1)
    {
        var output = new byte[frame.Length + 256];
        byte[] context = new byte[ContextSize], contextOutput = new byte[ContextSize];
        BinaryPrimitives.WriteUInt32LittleEndian(context.AsSpan(ControlOffset), cb0);
        BinaryPrimitives.WriteUInt32LittleEndian(context.AsSpan(ControlOffset + 4), cb1);
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
            return ((Verdict)run.Returned, output[..(int)run.OutputSize], Control(contextOutput, 0), Control(contextOutput, 4), run.DurationNanoseconds);
        }
    }

    private static uint Control(byte[] context, int at) => BinaryPrimitives.ReadUInt32LittleEndian(context.AsSpan(ControlOffset + at));
}

/// <summary>TC_ACT_*.</summary>
internal enum Verdict : uint
{
    Pass = 0,
    Drop = 2,
    Redirect = 7,
}
