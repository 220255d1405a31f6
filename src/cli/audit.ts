import { CHECKS } from '../checks/index.ts';
import { EXIT, exitCodeOf, reaches } from '../core/exit-code.ts';
import { applyPolicy } from '../core/policy/apply.ts';
import { dayOf } from '../core/policy/days.ts';
import { type SettingsInForce, settingsInForce } from '../core/policy/settings.ts';
import { createRedactor, type Redactor } from '../core/redact.ts';
import { botPresence, buildReport } from '../core/report.ts';
import { type FactStates, runChecks } from '../core/run.ts';
import { factsNeeded } from '../core/select.ts';
import type { Check, Target } from '../model/check.ts';
import type { FactName } from '../model/facts.ts';
import type { Severity } from '../model/finding.ts';
import type { Baseline, PolicyNote, Settings } from '../model/policy.ts';
import type { Report } from '../model/report.ts';
import { visible } from '../report/text.ts';
import { exitPolicy, flagSettings, leftOut, type PolicyFlags, selectedChecks } from './audit-policy.ts';
import type { AuditVerifyFlags } from './audit-verify.ts';
import { collectFrom, withSubject } from './collect.ts';
import { type LoadedConfig, loadNamedConfig } from './config-file.ts';
import { readFactsFile, writeFactsFile } from './facts-file.ts';
import type { Host } from './host.ts';
import type { OutputFlags } from './options.ts';
import { parseOutputs, writeReports } from './outputs.ts';
import { VERSION } from './version.ts';

export interface AuditFlags extends AuditVerifyFlags, OutputFlags, PolicyFlags {
  readonly facts?: string;
  readonly factsOut?: string;
  readonly format?: readonly string[];
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

/** All that a report is made from. */
interface Known {
  readonly states: FactStates;
  readonly target: Target;
  readonly project: string;
  readonly redactor: Redactor;
  readonly partial: boolean;
  readonly checks: readonly Check[];
  readonly config: LoadedConfig;
  readonly settings: SettingsInForce;
  readonly baseline: Baseline | null;
  readonly day: string;
}

function wantedFacts(checks: readonly Check[], target: Target): FactName[] {
  const needed = factsNeeded(checks.filter(({ targets }) => targets.includes(target)));
  // The comments are looked for in the files that the others name.
  const all = [...new Set([...TABLE_FACTS, ...needed]), 'ignores' as const];
  return target === 'repo' ? all.filter((name) => !HOST_FACTS.includes(name)) : all;
}

async function look(project: string | null, flags: AuditFlags, said: Settings, host: Host): Promise<Known> {
  return withSubject(project, flags, said, host, async (subject) => {
    const { machine, config, settings } = subject;
    const checks = selectedChecks(settings);
    const baseline = await baselineOf(settings, host, machine);
    const collection = await collectFrom(subject, wantedFacts(checks, machine.target), host);
    if (flags.timings === true) {
      for (const { fact, ms } of collection.timings) host.err(`${fact.padEnd(16)} ${ms.toFixed(1)} ms\n`);
    }
    const { target } = machine;
    const day = flags.today ?? dayOf(host.now);
    const { states, partial, redactor } = collection;
    const known = {
      states,
      partial,
      redactor,
      config,
      settings,
      checks,
      baseline,
      day,
      target,
      project: machine.project,
    };
    if (flags.verify === undefined) return known;
    const { verifiedFact } = await import('./audit-verify.ts');
    return { ...known, states: { ...states, verify: await verifiedFact(project, { ...flags, target }, host) } };
  });
}

async function replay(path: string, flags: AuditFlags, said: Settings, host: Host): Promise<Known> {
  const file = readFactsFile(path, host);
  const { facts: states, target, project } = file;
  const carried = flags.config === false ? undefined : file.policy;
  const config: LoadedConfig =
    typeof flags.config === 'string'
      ? await loadNamedConfig(flags.config, project, host)
      : { file: carried?.config ?? null, settings: carried?.settings ?? {} };
  const settings = settingsInForce(said, config.settings);
  const carriesBaseline = said.baseline === undefined && typeof flags.config !== 'string';
  const baseline = carriesBaseline ? (carried?.baseline ?? null) : await baselineOf(settings, host, null);
  const day = flags.today ?? file.day ?? dayOf(host.now);
  const checks = selectedChecks(settings);
  return {
    states,
    target,
    project,
    config,
    settings,
    baseline,
    day,
    checks,
    partial: false,
    redactor: createRedactor(),
  };
}

/** @param machine that holds the project; `null`: it is not here. */
async function baselineOf(
  { baseline }: SettingsInForce,
  host: Host,
  machine: Parameters<typeof import('./baseline-file.ts').readProjectBaseline>[1] | null,
): Promise<Baseline | null> {
  if (baseline === undefined) return null;
  const { readNamedBaseline, readProjectBaseline } = await import('./baseline-file.ts');
  return baseline.by === '--baseline' || machine === null
    ? readNamedBaseline(baseline.value, host)
    : readProjectBaseline(baseline, machine);
}

function writeFacts(path: string, known: Known, host: Host): void {
  const { redactor, target, states, project, day, config, baseline, settings } = known;
  const fromConfig = settings.baseline?.by === '--baseline' ? null : baseline;
  const policy = { config: config.file, settings: config.settings, baseline: fromConfig };
  const facts = redactor.value(states);
  const carried = config.file === null ? {} : { policy: redactor.value(policy) };
  const schema = 'wa-doctor/facts@1';
  writeFactsFile(
    path,
    { schema, target, project: redactor.text(project), day, ...carried, facts, redacted: redactor.count },
    host,
  );
  host.err(`wa-doctor: facts written to ${path} (${redactor.count} values redacted)\n`);
}

function shown(report: Report, threshold: Severity): Report {
  const findings = report.findings.filter(({ severity }) => reaches(severity, threshold));
  const open = ({ suppressed }: Report['findings'][number]) => suppressed === null;
  const hidden = report.findings.filter(open).length - findings.filter(open).length;
  return { ...report, findings, summary: { ...report.summary, hidden } };
}

/** Where the report for people is not on the terminal, what the policy has to say still is. */
function warn(notes: readonly PolicyNote[], host: Host): void {
  for (const { kind, text, by } of notes) {
    if (kind !== 'check-off') host.err(`wa-doctor: warning: ${visible(`${by}: ${text}`)}\n`);
  }
}

async function saveBaseline(path: string, report: Report, known: Known, host: Host): Promise<void> {
  const presence = botPresence(known.states).kind;
  if (known.partial || presence !== 'here') {
    const why = known.partial ? 'the run was interrupted' : 'there is no one bot here';
    host.err(`wa-doctor: no baseline was written to ${visible(path)}: ${why}\n`);
    return;
  }
  const [{ writeBaseline }, { makeBaseline }, { toldCompletely }] = await Promise.all([
    import('./baseline-file.ts'),
    import('../core/policy/baseline.ts'),
    import('../core/policy/told.ts'),
  ]);
  const baseline = makeBaseline(report.findings, known.baseline, toldCompletely(report.checks));
  writeBaseline(path, baseline, host);
  host.err(`wa-doctor: baseline of ${baseline.entries.length} findings written to ${visible(path)}\n`);
}

/** `wa-doctor audit`: collect, judge, apply the policy, report. Returns the exit code. */
export async function audit(project: string | null, flags: AuditFlags, host: Host): Promise<number> {
  const outputs = parseOutputs(flags.format ?? [], flags.json === true);
  const said = flagSettings(flags);
  const known =
    flags.facts === undefined ? await look(project, flags, said, host) : await replay(flags.facts, flags, said, host);
  if (flags.factsOut !== undefined) {
    writeFacts(flags.factsOut, known, host);
    return known.partial ? EXIT.interrupted : EXIT.ok;
  }

  const { states, target, checks, settings, redactor, baseline, day, config } = known;
  const { findings: raw, outcomes } = runChecks(checks, target, states, redactor.mask);
  const botFound = botPresence(states).kind === 'here';
  const ignores = states.ignores?.ok === true && settings.inlineIgnores.value ? states.ignores.value : [];
  const { severities, suppressions } = settings;
  const policy = { severities, suppressions, baseline, day };
  // Where no bot is judged, "fits no finding" would say nothing.
  const { findings, notes } = botFound
    ? applyPolicy({ findings: raw, outcomes, comments: ignores, checks: CHECKS, policy })
    : { findings: [], notes: [] };
  const whole = buildReport({
    ...known,
    version: VERSION,
    findings,
    outcomes,
    leftOut: leftOut(checks, target),
    policy: {
      failOn: settings.failOn.value,
      show: settings.show.value,
      showSuppressed: flags.showSuppressed === true,
      config: config.file,
      baseline: baseline?.file ?? null,
      notes,
    },
  });
  const clean = redactor.value(whole);
  const report = { ...clean, summary: { ...clean.summary, redacted: redactor.count } };
  if (flags.baselineOut !== undefined) await saveBaseline(flags.baselineOut, report, known, host);
  await writeReports(shown(report, settings.show.value), checks, outputs, flags, host);
  if (!outputs.some(({ format, file }) => format === 'human' && file === null)) warn(report.policy.notes, host);
  return exitCodeOf(whole.findings, outcomes, botFound, exitPolicy(settings));
}
