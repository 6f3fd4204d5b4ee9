using ClusterMesh.Bpf.Contract;
using Frontend = ClusterMesh.Bpf.Services.Frontend;

namespace ClusterMesh.Agent.Flows;

/// <summary>Where events come from.</summary>
/// <param name="Poll">Waits for the first at most that long, and gives what is there.</param>
/// <param name="Lost">What the programs could not tell since they began to count.</param>
/// <param name="Frontend">By its number in an event; null: it is gone.</param>
/// <param name="Ring">Disposed with the reader.</param>
internal sealed record FlowSource(Func<TimeSpan, IReadOnlyList<Event>> Poll, Func<EventLosses> Lost, Func<uint, Frontend?> Frontend, IDisposable? Ring = null);

/// <param name="Full">The ring had no room.</param>
/// <param name="Limited">There were too many of their kind in a second.</param>
internal readonly record struct EventLosses(long Full, long Limited);
