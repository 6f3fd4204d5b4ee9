using ClusterMesh.Tests;
using System.Diagnostics;
using ClusterMesh.Bpf.Pinning;

namespace ClusterMesh.Bpf.Tests.Kernel;

public sealed class PinLockTests : IDisposable
{
    private readonly string _pins = $"{BpfFileSystem.DefaultPath}/clustermesh-lock-{Environment.ProcessId}";

    public void Dispose()
    {
        if (Directory.Exists(_pins)) Directory.Delete(_pins, recursive: true);
    }

    [KernelFact]
    public void Take_WhatAnotherHas_IsRefusedUntilItIsLetGo()
    {
        using (PinLock.Take(_pins))
        {
            var error = Assert.Throws<IOException>(() => PinLock.Take(_pins));
            Assert.Contains($"pin directory {_pins} is in use by another agent", error.Message, StringComparison.Ordinal);
            using var elsewhere = PinLock.Take($"{_pins}/other");
        }

        using var again = PinLock.Take(_pins);
    }

    [KernelFact]
    public void Take_AfterItsProcessWasKilled_IsThere()
    {
        Directory.CreateDirectory(_pins);
        using var holder = Process.Start(new ProcessStartInfo("flock", ["--no-fork", _pins, "sh", "-c", "echo held; exec sleep 60"]) { RedirectStandardOutput = true })!;
        Assert.Equal("held", holder.StandardOutput.ReadLine());
        Assert.Throws<IOException>(() => PinLock.Take(_pins));
        holder.Kill();
        holder.WaitForExit();
        using var ours = PinLock.Take(_pins);
    }

    [KernelFact]
    public void Take_ChildrenOfTheHolder_DoNotKeepIt()
    {
        Process child;
        using (PinLock.Take(_pins)) child = Process.Start("sleep", "60");
        using var again = PinLock.Take(_pins);
        child.Kill();
        child.Dispose();
    }

    [KernelFact]
    public void Take_WhereThereIsNothing_MakesARootThatAllMaySearchAndANodesThatNobodyMay()
    {
        using var ours = PinLock.Take($"{_pins}/root/west-n1");
        Assert.Equal("711", $"{Convert.ToString((int)File.GetUnixFileMode($"{_pins}/root"), 8)}");
        Assert.Equal("700", $"{Convert.ToString((int)File.GetUnixFileMode($"{_pins}/root/west-n1"), 8)}");
        // What is there already is its owner's affair.
        File.SetUnixFileMode($"{_pins}/root", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var other = PinLock.Take($"{_pins}/root/west-n2");
        Assert.Equal("700", $"{Convert.ToString((int)File.GetUnixFileMode($"{_pins}/root"), 8)}");
    }

    [KernelFact]
    public void Take_OutsideOfABpfFileSystem_IsRefused() =>
        Assert.Contains("is in no BPF file system", Assert.Throws<UnsupportedKernelException>(() => PinLock.Take("/tmp/clustermesh-lock")).Message, StringComparison.Ordinal);
}
