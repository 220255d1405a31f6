import type { Log, ReportingDescriptor, Result, Location as SarifLocation } from 'sarif';
import type { CheckMeta } from '../model/check.ts';
import type { Finding, Location, Severity } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
import { jsonDocument } from './json.ts';
import { inRepository } from './location.ts';
import { visible, visibleLines } from './text.ts';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

/** A path as the URI of an artifact: percent-encoded (SARIF 2.1.0, 3.4.3; RFC 3986). Halves of surrogate pairs cannot be encoded. */
export function artifactUri(file: string): string {
  return file
    .split('/')
    .map((part) => encodeURIComponent(part.replace(/\p{Surrogate}/gu, '\ufffd')))
    .join('/');
}

function artifact(report: Report, file: string) {
  const uri = artifactUri(inRepository(report, file));
  return file.startsWith('/') ? { uri } : { uri, uriBaseId: 'SRCROOT' };
}

function sarifLocation(report: Report, location: Location): SarifLocation {
  if (!('file' in location)) {
    const name = 'path' in location ? location.path : `process ${location.pid}`;
    return { logicalLocations: [{ fullyQualifiedName: visible(name), kind: 'resource' }] };
  }
  const { file, line, column } = location;
  const region =
    line === undefined
      ? {}
      : { region: { startLine: line, ...(column === undefined ? {} : { startColumn: Math.max(1, column) }) } };
  return { physicalLocation: { artifactLocation: artifact(report, file), ...region } };
}

/** Code scanning shows only results with a place in a file: one that has none is hung on the project's manifest. */
function placesOf(report: Report, finding: Finding): SarifLocation[] {
  const places = finding.locations.map((location) => sarifLocation(report, location));
  if (places.some(({ physicalLocation }) => physicalLocation !== undefined)) return places;
  return [{ physicalLocation: { artifactLocation: artifact(report, 'package.json') } }, ...places];
}

const PROBLEM: Readonly<Record<Severity, 'error' | 'warning' | 'recommendation'>> = {
  error: 'error',
  warning: 'warning',
  info: 'recommendation',
};

function rule({ code, name, family, what, why, fix, severity }: CheckMeta, helpUri: string): ReportingDescriptor {
  const fullText = why.replace(/\s*\n\s*\n\s*/g, '\n\n').trim();
  return {
    id: code,
    name,
    shortDescription: { text: what },
    fullDescription: { text: fullText },
    help: {
      text: [fullText, '', ...fix].join('\n'),
      markdown: [fullText, '', '**How to fix it**', '', ...fix.map((step) => `* ${step}`)].join('\n'),
    },
    helpUri,
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { precision: 'high', tags: [family], 'problem.severity': PROBLEM[severity] },
  };
}

function result(report: Report, finding: Finding, ruleIndex: number | undefined): Result {
  const { suppressed, baseline } = finding;
  return {
    ruleId: finding.code,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: LEVELS[finding.severity],
    kind: 'fail',
    message: { text: visibleLines([finding.message, ...finding.evidence].join('\n')) },
    locations: placesOf(report, finding),
    partialFingerprints: { 'waDoctor/v1': finding.fingerprint },
    ...(baseline === null ? {} : { baselineState: baseline === 'new' ? 'new' : 'unchanged' }),
    // Given for every result: absent would mean that nobody knows (3.27.23).
    suppressions:
      suppressed === null
        ? []
        : [
            {
              kind: suppressed.kind === 'inline' ? 'inSource' : 'external',
              status: 'accepted',
              justification: visible(`${suppressed.reason} (${suppressed.by})`),
            },
          ],
    properties: {
      confidence: finding.confidence,
      event: finding.event,
      remediation: finding.remediation.steps.map(visible),
    },
  };
}

/** SARIF 2.1.0: rules, locations, fingerprints, suppressions, baseline state; checks that could not look are notifications. */
export function sarifReport(report: Report, checks: readonly CheckMeta[], docs: (code: string) => string): string {
  const index = new Map(checks.map(({ code }, at) => [code, at]));
  const blind = report.checks.filter(({ outcome }) => outcome === 'unknown' || outcome === 'error');
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            version: report.tool.version,
            semanticVersion: report.tool.version,
            informationUri: 'https://github.com/wa-doctor/wa-doctor',
            rules: checks.map((check) => rule(check, docs(check.code))),
          },
        },
        automationDetails: { id: `wa-doctor/${report.target}/` },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: {
          SRCROOT: { description: { text: 'The root of the repository, or the directory that was audited.' } },
        },
        invocations: [
          {
            executionSuccessful: !report.partial,
            toolExecutionNotifications: [
              ...(report.partial
                ? [{ level: 'error' as const, message: { text: 'The run was interrupted: this report is partial.' } }]
                : []),
              ...blind.map(({ code, outcome, reason }) => ({
                level: outcome === 'error' ? ('error' as const) : ('warning' as const),
                message: { text: visible(reason ?? outcome) },
                associatedRule: { id: code, ...(index.has(code) ? { index: index.get(code) ?? 0 } : {}) },
              })),
            ],
          },
        ],
        results: report.findings.map((finding) => result(report, finding, index.get(finding.code))),
        properties: { verdict: report.verdict, target: report.target, redacted: report.summary.redacted },
      },
    ],
  };
  return jsonDocument(log);
}
