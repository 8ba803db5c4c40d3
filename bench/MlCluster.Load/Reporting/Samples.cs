namespace MlCluster.Load.Reporting;

/// <summary>Numbers of several samples.</summary>
internal static class Samples
{
    public static double Median(IEnumerable<double> values) => Percentile(values, 0.5);

    /// <summary>Nearest rank; the median of an even number is the mean of the middle two.</summary>
    public static double Percentile(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0)
        {
            return double.NaN;
        }

        var at = share * (sorted.Length - 1);
        var (low, high) = ((int)Math.Floor(at), (int)Math.Ceiling(at));
        return sorted[low] + ((at - low) * (sorted[high] - sorted[low]));
    }
}
