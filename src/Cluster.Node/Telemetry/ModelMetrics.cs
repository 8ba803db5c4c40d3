namespace MlCluster.Node.Telemetry;

/// <summary>
/// One model on one device, since the process began; loads of it come and go. Any thread; recording allocates nothing.
/// </summary>
internal sealed class ModelMetrics(
    ActionCounter predictions, PredictHistograms histograms, KeyValuePair<string, object?>[] tags)
{
    private readonly Lock _gate = new();
    private readonly List<Func<EngineCounts>> _engines = [];
    private EngineCounts _ended = EngineCounts.None;
    private long _active;

    /// <summary>Labels of its metrics.</summary>
    public KeyValuePair<string, object?>[] Tags => tags;

    /// <summary>Predictions that were answered, and how many of them with an error.</summary>
    public ActionCounter Predictions => predictions;

    /// <summary>Predictions that this node has accepted and not answered.</summary>
    public long Active => Interlocked.Read(ref _active);

    /// <summary>True while it answers.</summary>
    public bool IsServed
    {
        get
        {
            lock (_gate)
            {
                return _engines.Count > 0;
            }
        }
    }

    /// <summary>What its engines did, those that are gone included.</summary>
    public EngineCounts Engine
    {
        get
        {
            lock (_gate)
            {
                return _engines.Aggregate(_ended, static (sum, engine) => sum + engine());
            }
        }
    }

    /// <summary>A load of it is in service: its engine counts from now on.</summary>
    public void Begin(Func<EngineCounts> engine)
    {
        lock (_gate)
        {
            _engines.Add(engine);
        }
    }

    /// <summary>That load is over; what it counted stays. Harmless when said twice.</summary>
    public void End(Func<EngineCounts> engine)
    {
        lock (_gate)
        {
            if (_engines.Remove(engine))
            {
                _ended += engine() with { QueuedTokens = 0 };
            }
        }
    }

    /// <summary>Counts on from what engines of another model did.</summary>
    public void Take(EngineCounts ended)
    {
        lock (_gate)
        {
            _ended += ended;
        }
    }

    public void Enter() => Interlocked.Increment(ref _active);

    public void Leave() => Interlocked.Decrement(ref _active);

    /// <summary>A prediction was answered with results.</summary>
    public void Record(in PredictTimes times)
    {
        predictions.Request();
        histograms.Total.Record(times.Total.TotalSeconds, tags);
        histograms.Tokenize.Record(times.Tokenize.TotalSeconds, tags);
        histograms.Queue.Record(times.Queue.TotalSeconds, tags);
        histograms.Forward.Record(times.Forward.TotalSeconds, tags);
    }

    /// <summary>A prediction was answered with an error; it has no times.</summary>
    public void RecordFailure()
    {
        predictions.Request();
        predictions.Failure();
    }
}
