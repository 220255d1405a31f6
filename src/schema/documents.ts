import type { Shape } from '../core/document/shape.ts';
import { BASELINE_SHAPE } from '../core/policy/baseline-shape.ts';
import { configShape } from '../core/policy/config-shape.ts';
import { DECLARABLE_PLATFORMS } from '../facts/declared-platform.ts';
import type { CheckMeta } from '../model/check.ts';
import {
  answer,
  boolean,
  document,
  integer,
  list,
  nullable,
  number,
  object,
  oneOf,
  type Schema,
  string,
  strings,
} from './build.ts';
import { SESSION_DOCUMENTS } from './session-documents.ts';

const survives = object({
  processRestart: answer,
  containerRestart: answer,
  recreate: answer,
  reboot: answer,
  nodeLoss: answer,
});
const confidence = oneOf('high', 'medium', 'low');
const severity = oneOf('error', 'warning', 'info');
const day = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' };
const place = { file: string, line: integer, column: integer };

const platform = object({ kinds: strings, evidence: strings });

const mount = object({
  mountPoint: string,
  fstype: string,
  source: string,
  root: string,
  options: string,
  superOptions: string,
  id: integer,
  line: integer,
});

const durability = object({
  path: string,
  resolved: string,
  exists: answer,
  mount: nullable(mount),
  survives,
  writable: answer,
  chromiumFit: oneOf('yes', 'risk', 'no', 'unknown'),
  confidence,
  reasons: list(object({ code: string, text: string, evidence: string })),
});

const site = object({
  ...place,
  strategy: oneOf('LocalAuth', 'RemoteAuth', 'NoAuth', 'custom'),
  dataPath: object({
    kind: oneOf('default', 'relative-literal', 'absolute-literal', 'env', 'env-with-default', 'computed', 'unknown'),
    expression: nullable(string),
    env: strings,
    value: nullable(string),
  }),
  clientId: object({ kind: oneOf('none', 'literal', 'env', 'dynamic', 'unstable'), value: nullable(string) }),
  userDataDir: nullable(string),
});

const stop = object({
  signal: string,
  browser: oneOf('clean', 'killed', 'orphaned', 'unknown'),
  lostSeconds: nullable(number),
  chain: strings,
});

const launch = object({
  id: string,
  kind: string,
  file: nullable(string),
  line: nullable(integer),
  command: nullable(string),
  cwd: nullable(string),
  env: { type: 'object', additionalProperties: string },
  user: nullable(string),
  replicas: nullable(integer),
  stop: object({ signal: nullable(string), timeoutSeconds: nullable(number), pid1: nullable(string) }),
  mountTable: oneOf('live', 'declared', 'none'),
  stops: list(stop),
});

const session = object({
  site: string,
  launch: nullable(string),
  userDataDir: nullable(string),
  trail: strings,
  exists: answer,
  survives: nullable(survives),
  recommended: nullable(string),
});

const lifecycle = object({
  signals: list(
    object({
      file: string,
      line: integer,
      signal: string,
      destroysClient: oneOf('awaited', 'awaited-but-raced', 'not-awaited', 'no', 'unknown'),
    }),
  ),
  destroyIssues: list(object({ file: string, line: integer, kind: string })),
  puppeteer: nullable(string),
  library: nullable(string),
});

const verdicts = list(object({ path: string, deleted: answer, partial: boolean, reason: nullable(string) }));

const location = {
  anyOf: [
    object({ file: string }, { line: integer, column: integer }),
    object({ path: string }),
    object({ pid: integer }),
  ],
};

function finding(checks: readonly CheckMeta[]): Schema {
  return object(
    {
      code: oneOf(...checks.map(({ code }) => code)),
      check: oneOf(...checks.map(({ name }) => name)),
      severity,
      confidence,
      message: string,
      event: nullable(string),
      locations: list(location),
      evidence: strings,
      remediation: object({ summary: string, steps: strings, effort: oneOf('low', 'medium', 'high') }),
      docs: string,
      fingerprint: { type: 'string', pattern: '^[0-9a-f]{16}$' },
      suppressed: nullable(object({ reason: string, by: string }, { kind: oneOf('inline', 'config'), until: string })),
      baseline: oneOf('new', 'known', null),
    },
    { overridden: object({ from: severity, by: string }) },
  );
}

function metadata(checks: readonly CheckMeta[]): Schema {
  return object({
    code: oneOf(...checks.map(({ code }) => code)),
    name: string,
    family: string,
    severity,
    needs: strings,
    targets: list(oneOf('host', 'repo')),
    since: string,
    effort: oneOf('low', 'medium', 'high'),
    what: string,
    why: string,
    fix: strings,
  });
}

/** The schema of a file that people write too: from the definition that validates it. */
function written(name: string, title: string, shape: Shape<unknown>): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `https://wa-doctor.dev/schema/${name}.json`,
    title,
    ...shape.schema,
  };
}

/** The published schemas by file name; enumerations of checks come from their metadata. */
export function schemaDocuments(checks: readonly CheckMeta[]): Readonly<Record<string, Schema>> {
  return {
    'report@1': document('report@1', 'wa-doctor audit --json', {
      tool: object({ name: { const: 'wa-doctor' }, version: string }),
      project: string,
      target: oneOf('host', 'repo'),
      platform: nullable(platform),
      verdict: oneOf('safe', 'at-risk', 'lost', 'unknown'),
      partial: boolean,
      findings: list(finding(checks)),
      checks: list(
        object({
          code: oneOf(...checks.map(({ code }) => code)),
          outcome: oneOf('pass', 'fail', 'not-applicable', 'unknown', 'error'),
          reason: nullable(string),
        }),
      ),
      requirements: list(object({ name: string, answer, detail: string })),
      locations: list(object({ path: string, survives, risk: string })),
      sessions: list(session),
      wipeTriggers: list(object({ what: string, deletes: answer, detail: string })),
      policy: object({
        failOn: oneOf('error', 'warning', 'info', 'never'),
        show: severity,
        showSuppressed: boolean,
        config: nullable(string),
        baseline: nullable(string),
        notes: list(
          object({
            kind: oneOf(
              'suppression-invalid',
              'suppression-expired',
              'suppression-unused',
              'baseline-expired',
              'baseline-unused',
              'check-off',
            ),
            text: string,
            by: string,
          }),
        ),
      }),
      summary: object({
        error: integer,
        warning: integer,
        info: integer,
        unknown: integer,
        suppressed: integer,
        known: integer,
        hidden: integer,
        redacted: integer,
      }),
    }),
    'mounts@1': document('mounts@1', 'wa-doctor mounts --json', { platform, paths: list(durability) }),
    'path@1': document('path@1', 'wa-doctor path --json', {
      sites: list(site),
      otherSites: list(site),
      launches: list(launch),
      lifecycle: nullable(lifecycle),
      sessions: list(session),
    }),
    'scripts@1': document('scripts@1', 'wa-doctor scripts --json', {
      scripts: list(
        object({
          file: string,
          line: integer,
          name: string,
          command: string,
          automatic: string,
          deletes: list(object({ pattern: string, via: strings, tool: string })),
          sessions: verdicts,
          removesVolumes: boolean,
        }),
      ),
      sources: list(
        object({
          file: string,
          line: integer,
          trigger: oneOf('start', 'event', 'signal', 'route', 'timer', 'test', 'unknown'),
          what: string,
          sessions: verdicts,
        }),
      ),
    }),
    ...SESSION_DOCUMENTS,
    'facts@1': document(
      'facts@1',
      'wa-doctor audit --facts-out',
      {
        target: oneOf('host', 'repo'),
        project: string,
        facts: {
          type: 'object',
          additionalProperties: {
            anyOf: [
              object({ ok: { const: true }, value: {}, gaps: strings }),
              object({ ok: { const: false }, reason: string }),
            ],
          },
        },
        redacted: integer,
      },
      {
        day,
        policy: object({
          config: nullable(string),
          settings: { type: 'object' },
          baseline: nullable(object({ file: string, entries: list(object({ fingerprint: string, code: string })) })),
        }),
      },
    ),
    'explain@1': document('explain@1', 'wa-doctor explain --json', { check: metadata(checks) }),
    'config@1': document('config@1', 'wa-doctor config --json', {
      project: string,
      file: nullable(string),
      settings: list(object({ name: string, value: {}, by: string })),
      checks: list(oneOf(...checks.map(({ code }) => code))),
      suppressions: list(
        object({
          code: oneOf(...checks.map(({ code }) => code)),
          reason: string,
          until: nullable(day),
          path: nullable(string),
          session: nullable(string),
          fingerprint: nullable(string),
          by: string,
          over: boolean,
        }),
      ),
      baseline: nullable(object({ file: string, entries: integer })),
    }),
    'config-file@1': written(
      'config-file@1',
      'wa-doctor.config.json, .wa-doctor.json, "wa-doctor" in package.json',
      configShape(
        checks.map(({ code }) => code),
        DECLARABLE_PLATFORMS,
      ),
    ),
    'baseline@1': written('baseline@1', 'wa-doctor audit --baseline-out', BASELINE_SHAPE),
    'checks@1': document('checks@1', 'wa-doctor checks --json', { checks: list(metadata(checks)) }),
  };
}
