import type { Check, Target } from '../model/check.ts';
import { type Finding, SEVERITIES } from '../model/finding.ts';
import { relativeTo } from '../model/path.ts';
import type { ReportedPolicy } from '../model/policy.ts';
import type { Outcome, PlaceRow, Report, Verdict } from '../model/report.ts';
import { riskOf } from '../model/words.ts';
import { prescribe } from './prescription.ts';
import { requirementsOf } from './requirements.ts';
import type { FactStates } from './run.ts';
import { impliedBy, verdictOf } from './verdict.ts';
import { wipeTriggersOf } from './wipe-triggers.ts';

export interface ReportInput {
  readonly version: string;
  readonly project: string;
  readonly target: Target;
  readonly checks: readonly Check[];
  readonly states: FactStates;
  readonly findings: readonly Finding[];
  readonly outcomes: readonly Outcome[];
  readonly partial: boolean;
  /** Default: none. */
  readonly policy?: ReportedPolicy;
  /** Codes of checks that decide the verdict of this target and that the user left out. */
  readonly leftOut?: readonly string[];
}

const NO_POLICY: ReportedPolicy = {
  failOn: 'error',
  show: 'info',
  showSuppressed: false,
  config: null,
  baseline: null,
  notes: [],
};

/** Most severe first, then by code, then by place; the same facts give the same order. */
function inOrder(findings: readonly Finding[]): Finding[] {
  const keyed = findings.map((finding) => ({
    finding,
    rank: SEVERITIES.indexOf(finding.severity),
    key: JSON.stringify([finding.code, finding.locations, finding.message]),
  }));
  keyed.sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map(({ finding }) => finding);
}

/** Where the project lies in its git repository: CI places its annotations by paths of the repository. */
function baseOf(states: FactStates): { readonly base?: string } {
  const repository = states.git?.ok === true ? states.git.value.repository : null;
  if (repository === null || states.project?.ok !== true) return {};
  const base = relativeTo(states.project.value.path, repository);
  return base === null || base === '' ? {} : { base };
}

function rankOf(finding: Finding, checks: ReadonlyMap<string, Check>): number {
  return impliedBy(finding, checks.get(finding.code)) === 'lost' ? 1 : 0;
}

/** How many codes a sentence names. */
const NAMED = 6;

function some(codes: readonly string[]): string {
  return codes.length <= NAMED ? codes.join(', ') : `${codes.slice(0, NAMED).join(', ')}, …`;
}

function headlineOf(verdict: Verdict, findings: readonly Finding[], input: ReportInput, presence: BotPresence): string {
  if (presence.kind === 'none') return 'no bot here: nothing in this directory uses whatsapp-web.js';
  if (presence.kind === 'choose') {
    return `no bot in this directory itself; these packages below it hold one: ${presence.packages.join(', ')}. Name the one to audit: wa-doctor audit ${presence.packages[0]}`;
  }
  const byCode = new Map(input.checks.map((check) => [check.code, check]));
  const deciding = findings.filter((finding) => impliedBy(finding, byCode.get(finding.code)) !== 'safe');
  const first = deciding
    .filter(({ suppressed }) => suppressed === null)
    .sort((a, b) => rankOf(b, byCode) - rankOf(a, byCode))[0];
  if (verdict === 'lost' || verdict === 'at-risk') return first?.message ?? 'see the findings below';
  const blind = input.outcomes.find(({ outcome }) => outcome === 'unknown' || outcome === 'error');
  if (verdict === 'unknown') {
    if (blind !== undefined)
      return `nothing was found, but not everything could be looked at: ${blind.reason ?? 'see below'}`;
    const { leftOut = [] } = input;
    const { length } = leftOut;
    return `nothing was found by the checks that were run, but ${length} that ${length === 1 ? 'was' : 'were'} left out could say otherwise: ${some(leftOut)}`;
  }
  if (deciding.length > 0) {
    const codes = [...new Set(deciding.map(({ code }) => code))].sort();
    return `nothing was found beside what is suppressed (${some(codes)}): the session is as safe as the reasons given for that`;
  }
  const undeclared = input.outcomes.find(({ undeclared }) => undeclared);
  if (undeclared !== undefined) return `nothing in this repository loses the session; ${undeclared.reason}`;
  return 'the session lies on storage that survives, and nothing that was found deletes it';
}

function placeRows(states: FactStates): PlaceRow[] {
  if (states.places?.ok !== true) return [];
  return states.places.value.places.map((place) => ({
    path: place.path,
    survives: place.survives,
    risk: riskOf(place),
  }));
}

/** The bot that a report is about: here, or in the only nested package that has one; `choose`: several do, and one must be named. */
export type BotPresence =
  | { readonly kind: 'here' | 'none' }
  | { readonly kind: 'choose'; readonly packages: readonly string[] };

/** Where whatsapp-web.js is used. */
export function botPresence(states: FactStates): BotPresence {
  if (states.project?.ok !== true) return { kind: 'here' };
  const { botPackages } = states.project.value;
  if (botPackages.length === 0) return { kind: 'none' };
  return botPackages.length > 1 && !botPackages.includes('')
    ? { kind: 'choose', packages: botPackages }
    : { kind: 'here' };
}

/** Everything an audit says, from the facts and what the checks made of them. Pure and deterministic. */
export function buildReport(input: ReportInput): Report {
  const { states, outcomes, checks, leftOut = [] } = input;
  const presence = botPresence(states);
  const botFound = presence.kind === 'here';
  // Findings about several bots at once would be nobody's.
  const findings = botFound ? inOrder(input.findings) : [];
  const verdict = botFound ? verdictOf(findings, outcomes, checks, leftOut.length > 0) : 'unknown';
  const sites = states.sites?.ok === true ? states.sites.value : [];
  const sessions = states.sessions?.ok === true ? states.sessions.value : [];
  const local = sites.some(({ strategy, role }) => strategy === 'LocalAuth' && role === 'bot');
  const recommended =
    sessions.find((session) => session.recommended !== null)?.recommended ??
    (states.places?.ok === true ? states.places.value.recommended : null);
  const open = findings.filter(({ suppressed }) => suppressed === null);
  const count = (severity: Finding['severity']) => open.filter((finding) => finding.severity === severity).length;
  return {
    schema: 'wa-doctor/report@1',
    tool: { name: 'wa-doctor', version: input.version },
    project: input.project,
    ...baseOf(states),
    target: input.target,
    platform: input.target === 'host' && states.platform?.ok === true ? states.platform.value : null,
    verdict,
    headline: headlineOf(verdict, findings, input, presence),
    partial: input.partial,
    findings,
    checks: outcomes,
    requirements: botFound ? requirementsOf(states) : [],
    locations: botFound ? placeRows(states) : [],
    sessions: botFound
      ? sessions.map((session) => ({ ...session, survives: session.durability?.survives ?? null }))
      : [],
    wipeTriggers: local && botFound ? wipeTriggersOf(states) : [],
    recommended,
    prescription:
      local && botFound && recommended !== null && verdict !== 'safe' ? prescribe(recommended, sites, sessions) : null,
    policy: input.policy ?? NO_POLICY,
    summary: {
      error: count('error'),
      warning: count('warning'),
      info: count('info'),
      unknown: outcomes.filter(({ outcome }) => outcome === 'unknown' || outcome === 'error').length,
      suppressed: findings.length - open.length,
      known: open.filter(({ baseline }) => baseline === 'known').length,
      hidden: 0,
      redacted: 0,
    },
  };
}
