import { SURVIVAL_LEVELS } from '../model/mount.ts';
import type { Report } from '../model/report.ts';
import { visible } from './text.ts';

/** Label values: backslash and quote are escaped (Prometheus text format 0.0.4); control characters stand spelled out. */
function label(text: string): string {
  return visible(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly (readonly [labels: string, value: number])[];
}

/** Text file for the node_exporter's textfile collector. No time stamps: the collector refuses them. */
export function prometheusReport(report: Report): string {
  const verdicts = ['safe', 'at-risk', 'lost', 'unknown'] as const;
  const project = `project="${label(report.project)}"`;
  const open = report.findings.filter(({ suppressed }) => suppressed === null);
  const perCode = new Map<string, number>();
  for (const { code, severity, baseline } of open) {
    const key = `${project},code="${code}",severity="${severity}",known="${baseline === 'known'}"`;
    perCode.set(key, (perCode.get(key) ?? 0) + 1);
  }
  const outcomes = new Map<string, number>();
  for (const { outcome } of report.checks) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  const survival = new Map<string, number>();
  for (const { launch, userDataDir, survives } of report.sessions) {
    if (userDataDir === null || survives === null) continue;
    for (const level of SURVIVAL_LEVELS) {
      const answer = survives[level];
      if (answer === 'unknown') continue;
      const key = `${project},launch="${label(launch ?? '')}",path="${label(userDataDir)}",event="${level}"`;
      // Two sites on one path: the worse answer holds; a series may stand only once.
      survival.set(key, Math.min(survival.get(key) ?? 1, answer ? 1 : 0));
    }
  }
  const metrics: Metric[] = [
    {
      name: 'wa_doctor_info',
      help: 'Version of wa-doctor and what it judged for.',
      samples: [[`${project},version="${label(report.tool.version)}",target="${report.target}"`, 1]],
    },
    {
      name: 'wa_doctor_verdict',
      help: 'Verdict on the session: 1 for the one that holds.',
      samples: verdicts.map((verdict) => [`${project},verdict="${verdict}"`, report.verdict === verdict ? 1 : 0]),
    },
    { name: 'wa_doctor_findings', help: 'Findings by check and severity.', samples: [...perCode] },
    {
      name: 'wa_doctor_session_survives',
      help: 'Does the session directory survive the event: 1 yes, 0 no; absent: unknown.',
      samples: [...survival],
    },
    {
      name: 'wa_doctor_checks',
      help: 'Checks by outcome.',
      samples: [...outcomes].map(([outcome, count]) => [`${project},outcome="${outcome}"`, count]),
    },
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
    {
      name: 'wa_doctor_partial',
      help: '1 when the run was interrupted.',
      samples: [[project, report.partial ? 1 : 0]],
    },
  ];
  return metrics
    .filter(({ samples }) => samples.length > 0)
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
