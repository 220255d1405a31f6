import type { Report } from '../model/report.ts';

/** Label values: backslash, quote and newline are escaped (Prometheus text format 0.0.4). */
function label(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly (readonly [labels: string, value: number])[];
}

/** Text file for the node_exporter's textfile collector. No time stamps: the collector forbids them. */
export function prometheusReport(report: Report): string {
  const verdicts = ['safe', 'at-risk', 'lost', 'unknown'] as const;
  const project = `project="${label(report.project)}"`;
  const open = report.findings.filter(({ suppressed }) => suppressed === null);
  const perCode = new Map<string, number>();
  for (const { code, severity } of open) {
    const key = `${project},code="${code}",severity="${severity}"`;
    perCode.set(key, (perCode.get(key) ?? 0) + 1);
  }
  const metrics: Metric[] = [
    {
      name: 'wa_doctor_verdict',
      help: 'Verdict on the session: 1 for the one that holds.',
      samples: verdicts.map((verdict) => [`${project},verdict="${verdict}"`, report.verdict === verdict ? 1 : 0]),
    },
    { name: 'wa_doctor_findings', help: 'Findings by check and severity.', samples: [...perCode] },
    {
      name: 'wa_doctor_checks_unknown',
      help: 'Checks that could not look.',
      samples: [[project, report.summary.unknown]],
    },
    {
      name: 'wa_doctor_findings_suppressed',
      help: 'Findings that are suppressed.',
      samples: [[project, report.summary.suppressed]],
    },
  ];
  return metrics
    .map(({ name, help, samples }) =>
      [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} gauge`,
        ...samples.map(([labels, value]) => `${name}{${labels}} ${value}`),
        '',
      ].join('\n'),
    )
    .join('');
}
