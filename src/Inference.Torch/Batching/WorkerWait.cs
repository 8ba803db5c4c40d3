using System.Diagnostics;

namespace MlCluster.Inference.Batching;

/// <summary>How workers wait for a change of the queue: one looks out for it, the others sleep.</summary>
/// <remarks>
/// A worker that was busy until now looks out for more before it sleeps: a thread that has to be woken costs a lonely
/// query more than its tokenising, and finds its core cold. Every member is called under the gate. No change is missed:
/// a worker looks at the queue under the gate before it waits, and again after it has looked out, and one that sleeps
/// gave the gate away in the same step.
/// </remarks>
/// <param name="gate">Guards the queue; workers sleep on it.</param>
/// <param name="longest">How long a worker looks out; 0: it sleeps at once.</param>
internal sealed class WorkerWait(object gate, TimeSpan longest)
{
    /// <summary>Pauses between two looks: well below a microsecond.</summary>
    private const int PausesPerLook = 10;

    private bool _isLookedOut;
    private int _changes;

    /// <summary>Comes back when something may have changed, or for nothing: the caller looks and waits again.</summary>
    /// <param name="mayLookOut">True: it has not looked out since it was busy; false afterwards, if it has.</param>
    public void ForChange(ref bool mayLookOut)
    {
        if (mayLookOut && !_isLookedOut && longest > TimeSpan.Zero)
        {
            mayLookOut = false;
            LookOut();
        }
        else
        {
            Monitor.Wait(gate);
        }
    }

    /// <summary>There is work for one: whoever looks out sees it, else one that sleeps is woken.</summary>
    public void WakeOne()
    {
        _changes++;
        if (!_isLookedOut)
        {
            Monitor.Pulse(gate);
        }
    }

    /// <summary>There may be work for several, or they are to end.</summary>
    public void WakeAll()
    {
        _changes++;
        Monitor.PulseAll(gate);
    }

    /// <summary>One at a time, without the gate; it gives way to every thread that wants its core.</summary>
    private void LookOut()
    {
        _isLookedOut = true;
        var seen = _changes;
        Monitor.Exit(gate);
        try
        {
            var started = Stopwatch.GetTimestamp();
            while (Volatile.Read(ref _changes) == seen && Stopwatch.GetElapsedTime(started) < longest)
            {
                Thread.SpinWait(PausesPerLook);
                Thread.Yield();
            }
        }
        finally
        {
            Monitor.Enter(gate);
            _isLookedOut = false;
        }
    }
}
