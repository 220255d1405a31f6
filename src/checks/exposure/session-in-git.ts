import { defineCheck } from '../../model/check.ts';
import type { FindingDraft } from '../../model/finding.ts';

/** Severity: `error` when the profile is tracked (it is in the history now, and a checkout overwrites it), `warning` when nothing ignores it. */
export default defineCheck({
  code: 'WA603',
  name: 'session-in-git',
  family: 'exposure',
  severity: 'error',
  needs: ['git'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'medium',
  implies: 'at-risk',
  what: 'The session directory is tracked by git, or not ignored.',
  why:
    'The profile is a credential: whoever reads the repository is the linked device. A tracked profile is also overwritten by every checkout, ' +
    'and one that is not ignored is committed by the next `git add .`.',
  fix: [
    'Add the session directory to .gitignore.',
    'Take a tracked one out: git rm -r --cached <dir>, then end the link on the phone and pair again.',
  ],
  run({ git }) {
    const findings: FindingDraft[] = [];
    const unknown: string[] = [];
    const inside = git.sessions.filter(({ outside }) => outside !== true);
    if (git.repository === null && git.hasIgnoreFile !== true)
      return { findings, notApplicable: 'the project is not kept in git here' };
    if (inside.length === 0) return { findings, notApplicable: 'no session lies in the working tree' };
    for (const { path, ignored, tracked } of inside) {
      const keep = path.replace(/\/(?:session|RemoteAuth)(?:-[^/]*)?$/, '');
      if (tracked === true) {
        findings.push({
          severity: 'error',
          confidence: 'high',
          message: `The session ${path} is tracked by git: everyone who can read the repository can use the account, and a checkout overwrites the profile.`,
          event: 'git push, git checkout, git reset',
          locations: [{ path }],
          evidence: ['the git index holds files of it'],
          remediation: {
            summary: 'Take it out of git and pair again',
            steps: [
              `Run git rm -r --cached '${keep}' and add /${keep}/ to .gitignore.`,
              'End the link on the phone (Linked devices) and pair again: what was pushed stays in the history.',
            ],
          },
          identity: ['tracked', path],
        });
      } else if (tracked === 'unknown')
        unknown.push(`${path}: whether it is tracked could not be read from the git index`);
      if (ignored === false && tracked !== true) {
        findings.push({
          severity: 'warning',
          confidence: 'high',
          message: `No ignore rule covers the session ${path}: the next \`git add .\` commits the login.`,
          event: 'git add',
          locations: [{ path }],
          evidence: ['no rule in .gitignore, .git/info/exclude or core.excludesFile matches it'],
          remediation: { summary: 'Ignore it', steps: [`Add the line /${keep}/ to .gitignore.`] },
          identity: ['not-ignored', path],
        });
      }
    }
    return { findings, unknown };
  },
});
