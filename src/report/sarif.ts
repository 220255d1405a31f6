import type { Log, ReportingDescriptor, Result, Location as SarifLocation } from 'sarif';
import type { CheckMeta } from '../model/check.ts';
import type { Finding, Location, Severity } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
import { jsonDocument } from './json.ts';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

/** A path as the URI of an artifact: relative to the project, percent-encoded (SARIF 2.1.0, 3.4.3; RFC 3986). */
export function artifactUri(file: string): string {
  return file
    .split('/')
    .map((part) => encodeURIComponent(part))
    .join('/');
}

function sarifLocation(location: Location): SarifLocation {
  if (!('file' in location)) {
    const name = 'path' in location ? location.path : `process ${location.pid}`;
    return { logicalLocations: [{ fullyQualifiedName: name, kind: 'resource' }] };
  }
  const { file, line, column } = location;
  const region =
    line === undefined ? {} : { region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }) } };
  const base = file.startsWith('/') ? {} : { uriBaseId: 'PROJECT' };
  return { physicalLocation: { artifactLocation: { uri: artifactUri(file), ...base }, ...region } };
}

/** Code scanning shows only results with a place in a file: one that has none is hung on the project's manifest. */
function placesOf(finding: Finding): SarifLocation[] {
  const places = finding.locations.map(sarifLocation);
  if (places.some(({ physicalLocation }) => physicalLocation !== undefined)) return places;
  return [{ physicalLocation: { artifactLocation: { uri: 'package.json', uriBaseId: 'PROJECT' } } }, ...places];
}

function rule({ code, name, what, why, fix, severity }: CheckMeta, helpUri: string): ReportingDescriptor {
  return {
    id: code,
    name,
    shortDescription: { text: what },
    fullDescription: { text: why },
    help: { text: fix.join('\n'), markdown: fix.map((step) => `* ${step}`).join('\n') },
    helpUri,
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { precision: 'high' },
  };
}

function result(finding: Finding, ruleIndex: number): Result {
  const { suppressed, baseline } = finding;
  return {
    ruleId: finding.code,
    ruleIndex,
    level: LEVELS[finding.severity],
    kind: 'fail',
    message: { text: [finding.message, ...finding.evidence].join('\n') },
    locations: placesOf(finding),
    partialFingerprints: { 'waDoctor/v1': finding.fingerprint },
    ...(baseline === null ? {} : { baselineState: baseline === 'new' ? 'new' : 'unchanged' }),
    suppressions:
      suppressed === null ? [] : [{ kind: 'external', justification: `${suppressed.reason} (${suppressed.by})` }],
    properties: { confidence: finding.confidence, event: finding.event },
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
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { PROJECT: { description: { text: 'The directory that was audited.' } } },
        invocations: [
          {
            executionSuccessful: !report.partial,
            toolExecutionNotifications: blind.map(({ code, outcome, reason }) => ({
              level: outcome === 'error' ? 'error' : 'warning',
              message: { text: reason ?? outcome },
              associatedRule: { id: code, index: index.get(code) ?? -1 },
            })),
          },
        ],
        results: report.findings.map((finding) => result(finding, index.get(finding.code) ?? -1)),
        properties: { verdict: report.verdict, target: report.target },
      },
    ],
  };
  return jsonDocument(log);
}
