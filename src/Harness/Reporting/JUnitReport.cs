using System.Globalization;
using System.Text;
using System.Xml;
using Vrp.Harness.Claims;
using Vrp.Harness.Gating;
using Vrp.Harness.Ledgers;
using Vrp.Models.Storage;

namespace Vrp.Harness.Reporting;

/// <summary>JUnit XML: a suite per subject, a case per claim; a verdict that is not the ledger's is a failure. A gate is a suite of its own, a case per metric.
/// Without a ledger nothing is expected, so nothing fails; what did not run is then skipped, with its reason. In a preview a verdict that is not the ledger's
/// is skipped too.</summary>
public static class JUnitReport
{
    /// <summary>Writes the file, whole or not at all.</summary>
    public static void Write(string path, Report report) => AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Render(report))));

    /// <summary>The document.</summary>
    public static string Render(Report report)
    {
        Suite[] suites = [.. Suites(report)];
        using var text = new Utf8Writer();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("testsuites");
            Attributes(xml, report.Title, [.. suites.SelectMany(suite => suite.Cases)]);
            foreach (var suite in suites)
            {
                xml.WriteStartElement("testsuite");
                Attributes(xml, suite.Name, suite.Cases);
                foreach (var each in suite.Cases) Write(xml, suite, each);
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        return text.ToString() + "\n";
    }

    static void Attributes(XmlWriter xml, string name, IReadOnlyCollection<Case> cases)
    {
        xml.WriteAttributeString("name", Valid(name));
        xml.WriteAttributeString("tests", cases.Count.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("failures", cases.Count(each => each.Failure is not null).ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("skipped", cases.Count(each => each.Skipped is not null).ToString(CultureInfo.InvariantCulture));
    }

    static void Write(XmlWriter xml, Suite suite, Case each)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", Valid($"vrp.{suite.Name}"));
        xml.WriteAttributeString("name", Valid(each.Name));
        if (each.Failure is { } failure)
        {
            xml.WriteStartElement("failure");
            xml.WriteAttributeString("message", Valid(failure));
            xml.WriteString(Valid(each.Text));
            xml.WriteEndElement();
        }
        else if (each.Skipped is { } skipped)
        {
            xml.WriteStartElement("skipped");
            xml.WriteAttributeString("message", Valid(skipped));
            xml.WriteEndElement();
            if (each.Text != skipped) xml.WriteElementString("system-out", Valid(each.Text));
        }
        else xml.WriteElementString("system-out", Valid(each.Text));
        xml.WriteEndElement();
    }

    static IEnumerable<Suite> Suites(Report report)
    {
        var found = report.Subjects.SelectMany(subject =>
            subject.Study.Verdicts.Select(verdict => (subject.Study.Subject, verdict.Claim, verdict.Verdict, verdict.Reason, verdict.WouldSettle)));
        if (report.Comparison is { Split: var split })
            found = found.Where(each => each.Claim != split.Claim).Append(("all", split.Claim, split.Verdict, split.Reason, split.WouldSettle));
        foreach (var subject in found.GroupBy(each => each.Subject))
            yield return new Suite(subject.Key, [.. subject.Select(each => Of(each.Claim, each.Verdict, each.Reason, each.WouldSettle, report,
                report.Checks.FirstOrDefault(check => check.Claim == each.Claim && check.Subject == each.Subject)))]);
        foreach (var (subject, why) in report.NotRun) yield return new Suite(subject, [new Case("run", "did not run", null, why)]);
        if (report.Gate is { } gate) yield return new Suite($"gate {gate.Candidate}", [.. gate.Metrics.Select(Of)]);
    }

    static Case Of(string claim, Verdict verdict, string reason, string? settle, Report report, LedgerCheck? check)
    {
        var text = settle is null ? reason : $"{reason}\nTo decide it: {settle}";
        return check?.Outcome switch
        {
            LedgerOutcome.Differs or LedgerOutcome.New when report.Preview => new Case(claim, null,
                $"preview: a part of the questions or of the interventions decides nothing; found {Differences.Word(verdict)}, "
                    + (check.Entry is { } entry ? $"expected {Differences.Word(entry.Expected)}" : "and the ledger has no entry"), text),
            LedgerOutcome.Differs => new Case(claim, $"{verdict}, expected {check.Entry!.Expected}", null, $"{text}\nThe ledger: {check.Entry.Reason}"),
            LedgerOutcome.New => new Case(claim, $"{verdict}, and the ledger has no entry", null, text),
            LedgerOutcome.AsExpected => new Case($"{claim} [expected {check.Entry!.Expected}]", null, null, $"{verdict}: {text}"),
            _ => new Case(claim, null, verdict == Verdict.NotRun ? reason : null,
                $"{verdict}{(report.Checks.Count == 0 ? " (no ledger was given, nothing was expected)" : "")}: {text}"),
        };
    }

    static Case Of(MetricResult metric) => metric.Outcome switch
    {
        MetricOutcome.NonInferior => new Case(metric.Name, null, null, metric.Reason),
        MetricOutcome.NotMeasured => new Case(metric.Name, null, metric.Reason, metric.Reason),
        _ => new Case(metric.Name, metric.Outcome == MetricOutcome.Regressed ? "regressed" : "undecided at this n", null, metric.Reason),
    };

    /// <summary>What XML 1.0 has no character for becomes U+FFFD.</summary>
    static string Valid(string text) => string.Create(text.Length, text, (target, source) =>
    {
        for (var i = 0; i < source.Length; i++)
        {
            var pair = i + 1 < source.Length && char.IsSurrogatePair(source[i], source[i + 1]);
            target[i] = pair || XmlConvert.IsXmlChar(source[i]) ? source[i] : '\uFFFD';
            if (pair) target[++i] = source[i];
        }
    });

    sealed record Suite(string Name, IReadOnlyList<Case> Cases);

    sealed record Case(string Name, string? Failure, string? Skipped, string Text);

    /// <summary>So that the declaration says UTF-8, which is what is written.</summary>
    sealed class Utf8Writer() : StringWriter(CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => Encoding.UTF8;
    }
}
