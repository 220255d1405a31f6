import { CHECKS } from '../checks/index.ts';
import { EXIT, exitCodeOf, reaches } from '../core/exit-code.ts';
import { createRedactor, type Redactor } from '../core/redact.ts';
import { botPresence, buildReport } from '../core/report.ts';
import { type FactStates, runChecks } from '../core/run.ts';
import { factsNeeded, selectChecks } from '../core/select.ts';
import type { Target } from '../model/check.ts';
import type { FactName } from '../model/facts.ts';
import type { Severity } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
import type { AuditVerifyFlags } from './audit-verify.ts';
import { collect } from './collect.ts';
import { readFactsFile, writeFactsFile } from './facts-file.ts';
import type { Host } from './host.ts';
import type { OutputFlags } from './options.ts';
import { parseOutputs, writeReports } from './outputs.ts';
import { VERSION } from './version.ts';

export interface AuditFlags extends AuditVerifyFlags, OutputFlags {
  readonly facts?: string;
  readonly factsOut?: string;
  readonly format?: readonly string[];
  readonly failOn: Severity | 'never';
  readonly show: Severity;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly allowUnknown?: true | readonly string[];
  readonly allowNoBot?: boolean;
  readonly timings?: boolean;
}

/** Facts that the tables of every audit are made from, whatever checks are selected. */
const TABLE_FACTS: readonly FactName[] = [
  'project',
  'platform',
  'sites',
  'sessions',
  'places',
  'scripts',
  'git',
  'access',
];
/** Facts about the machine that happens to run the doctor: no evidence where there is no deploy target. */
const HOST_FACTS: readonly FactName[] = ['mounts', 'places', 'space', 'profiles'];

interface Known {
  readonly states: FactStates;
  readonly target: Target;
  readonly project: string;
  readonly redactor: Redactor;
  readonly partial: boolean;
}

function shown(report: Report, threshold: Severity): Report {
  return { ...report, findings: report.findings.filter(({ severity }) => reaches(severity, threshold)) };
}

/** `wa-doctor audit`: collect, judge, report. Returns the exit code. */
export async function audit(project: string | null, flags: AuditFlags, host: Host): Promise<number> {
  const checks = selectChecks(CHECKS, flags.only ?? null, flags.skip ?? []);
  const outputs = parseOutputs(flags.format ?? [], flags.json === true);
  const known = flags.facts === undefined ? await look() : replay(flags.facts);

  if (flags.factsOut !== undefined) {
    const { redactor, target } = known;
    const facts = redactor.value(known.states);
    const file = {
      schema: 'wa-doctor/facts@1',
      target,
      project: redactor.text(known.project),
      facts,
      redacted: redactor.count,
    } as const;
    writeFactsFile(flags.factsOut, file, host);
    host.err(`wa-doctor: facts written to ${flags.factsOut} (${redactor.count} values redacted)\n`);
    return known.partial ? EXIT.interrupted : EXIT.ok;
  }

  const { findings, outcomes } = runChecks(checks, known.target, known.states);
  const raw = buildReport({ ...known, version: VERSION, checks, findings, outcomes });
  const clean = known.redactor.value(raw);
  const report = { ...clean, summary: { ...clean.summary, redacted: known.redactor.count } };
  await writeReports(shown(report, flags.show), checks, outputs, flags, host);
  return exitCodeOf(raw.findings, outcomes, botPresence(known.states).kind === 'here', {
    failOn: flags.failOn,
    allowUnknown: flags.allowUnknown ?? [],
    allowNoBot: flags.allowNoBot ?? false,
  });

  async function look(): Promise<Known> {
    const { machine, ...collection } = await collect(project, wantedFacts(), flags, host);
    if (flags.timings === true) {
      for (const { fact, ms } of collection.timings) host.err(`${fact.padEnd(16)} ${ms.toFixed(1)} ms\n`);
    }
    const { target } = machine;
    if (flags.verify === undefined) return { ...collection, target, project: machine.project };
    const { verifiedFact } = await import('./audit-verify.ts');
    const states = { ...collection.states, verify: await verifiedFact(project, { ...flags, target }, host) };
    return { ...collection, states, target, project: machine.project };
  }

  function wantedFacts() {
    return (target: Target): FactName[] => {
      const all = [
        ...new Set([...TABLE_FACTS, ...factsNeeded(checks.filter(({ targets }) => targets.includes(target)))]),
      ];
      return target === 'repo' ? all.filter((name) => !HOST_FACTS.includes(name)) : all;
    };
  }

  function replay(path: string): Known {
    const file = readFactsFile(path, host);
    return {
      states: file.facts,
      target: file.target,
      project: file.project,
      redactor: createRedactor(),
      partial: false,
    };
  }
}
