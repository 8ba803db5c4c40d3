using System.Globalization;
using System.Text;
using CsCheck;
using MlCluster.Node.Gateway.Tensors;

namespace MlCluster.Node.Tests.Gateway.Tensors;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData(-0.023315024f, "-0.023315024")]
    [InlineData(0.08975691f, "0.08975691")]
    [InlineData(0f, "0.0")]
    [InlineData(-0f, "-0.0")]
    [InlineData(1f, "1.0")]
    [InlineData(100f, "100.0")]
    [InlineData(123.456f, "123.456")]
    [InlineData(9999999f, "9999999.0")]
    [InlineData(1e7f, "1.0E7")]
    [InlineData(0.001f, "0.001")]
    [InlineData(0.00012f, "1.2E-4")]
    [InlineData(float.MaxValue, "3.4028235E38")]
    [InlineData(float.Epsilon, "1.0E-45")]
    [InlineData(float.NaN, "\"NaN\"")]
    [InlineData(float.PositiveInfinity, "\"Infinity\"")]
    [InlineData(float.NegativeInfinity, "\"-Infinity\"")]
    public void Write_Float_IsWrittenAsOpenSearchDoes(float value, string expected) =>
        Assert.Equal(expected, Text(value));

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(3.0, "3.0")]
    [InlineData(double.NaN, "\"NaN\"")]
    [InlineData(double.NegativeInfinity, "\"-Infinity\"")]
    public void Write_Double_ReadsBack(double value, string expected)
    {
        Span<byte> bytes = stackalloc byte[NumberText.MaxBytes];

        Assert.Equal(expected, Encoding.ASCII.GetString(bytes[..NumberText.Write(value, bytes)]));
    }

    [Fact]
    public void Write_AnyFloat_ReadsBackAndIsAsShortAsCanBe() =>
        Gen.UInt.Sample(bits => AssertShortest(BitConverter.UInt32BitsToSingle(bits)), iter: 300_000);

    [Fact]
    public void Write_EdgesOfEveryExponent_ReadBackAndAreAsShortAsCanBe()
    {
        for (uint exponent = 0; exponent < 255; exponent++)
        {
            foreach (uint fraction in new uint[] { 0, 1, 2, 0x3FFFFF, 0x400000, 0x7FFFFE, 0x7FFFFF })
            {
                AssertShortest(BitConverter.UInt32BitsToSingle((exponent << 23) | fraction));
            }
        }
    }

    [Fact]
    public void Write_AnyDouble_ReadsBack() => Gen.Double.Where(double.IsFinite).Sample(
        value =>
        {
            Span<byte> bytes = stackalloc byte[NumberText.MaxBytes];
            var text = Encoding.ASCII.GetString(bytes[..NumberText.Write(value, bytes)]);
            Assert.Equal(value, double.Parse(text, CultureInfo.InvariantCulture));
        },
        iter: 20_000);

    private static void AssertShortest(float value)
    {
        if (!float.IsFinite(value))
        {
            return;
        }

        var text = Text(value);
        Assert.Equal(
            BitConverter.SingleToUInt32Bits(value),
            BitConverter.SingleToUInt32Bits(float.Parse(text, CultureInfo.InvariantCulture)));
        // Same number of digits as the platform's shortest form.
        Assert.Equal(Digits(value.ToString("R", CultureInfo.InvariantCulture)), Digits(text));
    }

    private static int Digits(string text)
    {
        var mantissa = text.Split('E')[0].Replace("-", "", StringComparison.Ordinal);
        if (mantissa.Contains('.', StringComparison.Ordinal))
        {
            mantissa = mantissa.TrimEnd('0');
        }

        var digits = mantissa.Replace(".", "", StringComparison.Ordinal).Trim('0');
        return Math.Max(1, digits.Length);
    }

    private static string Text(float value)
    {
        Span<byte> bytes = stackalloc byte[NumberText.MaxBytes];
        return Encoding.ASCII.GetString(bytes[..NumberText.Write(value, bytes)]);
    }
}
