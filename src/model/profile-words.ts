import type { CheckResult } from './check.ts';
import type { FindingDraft } from './finding.ts';
import type { Profile } from './profile.ts';

/** Is there anything in the directory that can be judged? */
export function hasProfile(profile: Profile): boolean {
  return profile.state !== 'missing';
}

/** What a check says about one profile: findings, a reason why it could not tell, or nothing. */
export type ProfileJudgement = FindingDraft | { readonly unknown: string } | null;

/**
 * Run a judgement over every profile that is there. Shared by the checks of profiles: without one there is nothing to judge.
 */
export function overProfiles(profiles: readonly Profile[], judge: (profile: Profile) => ProfileJudgement): CheckResult {
  const there = profiles.filter(hasProfile);
  if (there.length === 0) {
    return {
      findings: [],
      notApplicable:
        profiles.length === 0 ? 'no session directory is known' : 'there is no profile in any session directory',
    };
  }
  const findings: FindingDraft[] = [];
  const unknown: string[] = [];
  for (const profile of there) {
    const judgement = judge(profile);
    if (judgement === null) continue;
    if ('unknown' in judgement) unknown.push(`${profile.path}: ${judgement.unknown}`);
    else findings.push({ identity: [profile.path], ...judgement });
  }
  return unknown.length === 0 ? { findings } : { findings, unknown };
}

/** `2026-11-25 10:00:05 UTC`. */
export function utc(milliseconds: number): string {
  const [day = '', time = ''] = new Date(milliseconds).toISOString().split('T');
  return `${day} ${time.slice(0, 8)} UTC`;
}

/** `20 s`, `5 min`, `3 h`, `33 days`: whole units, rounded down. */
export function span(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}

/** A path as one word of a shell command. */
export function shellWord(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
