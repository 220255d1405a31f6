import { defineCheck } from '../../model/check.ts';
import type { FindingDraft } from '../../model/finding.ts';
import { locationOfSite } from '../../model/launch-words.ts';

/** The library refuses shorter intervals (RemoteAuth.js). */
const SHORTEST_MS = 60_000;
/** What was paired or renewed since the last backup is gone after a crash; an hour is twelve times what examples use. */
const LONG_MS = 3_600_000;

export default defineCheck({
  code: 'WA207',
  name: 'remote-store',
  family: 'path',
  severity: 'error',
  needs: ['sites'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  implies: 'at-risk',
  what: 'RemoteAuth that never saves, saves too rarely, or looks under another name than it saved.',
  why:
    'RemoteAuth keeps the login in a store and unpacks it at every start. It saves first one minute after the login and then at every interval: ' +
    'an interval below a minute is refused, a long one loses what changed since, and a changing client id is saved under a name that nobody asks for again.',
  fix: ['Set backupSyncIntervalMs to 300000 (five minutes).', 'Use a constant client id.'],
  run({ sites }) {
    const remote = sites.filter(({ strategy, role }) => strategy === 'RemoteAuth' && role === 'bot');
    if (remote.length === 0) return { findings: [], notApplicable: 'RemoteAuth is not used' };
    const findings = remote.flatMap((site): FindingDraft[] => {
      const interval = site.backupSyncIntervalMs;
      const drafts: FindingDraft[] = [];
      if (interval !== null && interval < SHORTEST_MS) {
        drafts.push({
          severity: 'error',
          confidence: 'high',
          message: `backupSyncIntervalMs is ${interval}: RemoteAuth refuses less than ${SHORTEST_MS}, and the client is never made.`,
          event: 'the next start of the process',
          locations: [locationOfSite(site)],
          evidence: [`${site.file}:${site.line} backupSyncIntervalMs: ${interval}`],
          identity: ['interval', site.file],
        });
      } else if (interval !== null && interval > LONG_MS) {
        drafts.push({
          severity: 'warning',
          confidence: 'medium',
          message: `backupSyncIntervalMs is ${Math.round(interval / 60_000)} minutes: what changed since the last backup is lost with the local directory.`,
          event: 'a crash or redeploy between two backups',
          locations: [locationOfSite(site)],
          evidence: [`${site.file}:${site.line} backupSyncIntervalMs: ${interval}`],
          identity: ['interval', site.file],
        });
      }
      const { remoteAuth } = site;
      if (remoteAuth?.interval === 'missing' || remoteAuth?.store === 'missing') {
        const missing = [
          ...(remoteAuth.store === 'missing' ? ['store'] : []),
          ...(remoteAuth.interval === 'missing' ? ['backupSyncIntervalMs'] : []),
        ];
        drafts.push({
          severity: 'error',
          confidence: 'high',
          message: `RemoteAuth is made without ${missing.join(' and ')}: it throws, and the client is never made.`,
          event: 'the next start of the process',
          locations: [locationOfSite(site)],
          evidence: [`${site.file}:${site.line} has no ${missing.join(', no ')}`],
          remediation: {
            summary: `Give RemoteAuth its ${missing.join(' and ')}`,
            steps: ['new RemoteAuth({ store, backupSyncIntervalMs: 300000 }), with a store such as wwebjs-mongo.'],
          },
          identity: ['options', site.file],
        });
      }
      if (site.clientId.kind === 'unstable') {
        drafts.push({
          severity: 'error',
          confidence: 'high',
          message:
            'The client id differs at every start, so RemoteAuth asks the store for a session that was never saved.',
          event: 'the next start of the process',
          locations: [locationOfSite(site)],
          evidence: [`client id ${site.clientId.expression ?? ''}`],
          remediation: { summary: 'Use a constant client id', steps: ['Keep the client id in the configuration.'] },
          identity: ['client-id', site.file],
        });
      }
      if (drafts.length === 0 && remoteAuth?.savedListener === false) {
        drafts.push({
          severity: 'info',
          confidence: 'medium',
          message:
            'Nothing listens to remote_session_saved: that the first backup is made (a minute after the login) or fails is seen by nobody, and a stop before it loses the login.',
          event: 'a stop in the first minute after the login',
          locations: [locationOfSite(site)],
          evidence: ['no file of the package names remote_session_saved'],
          remediation: {
            summary: 'Log when the session is saved',
            steps: [
              "client.on('remote_session_saved', () => console.log('session saved')), and wait for it before a restart.",
            ],
          },
          identity: ['listener', site.file],
        });
      }
      return drafts;
    });
    return { findings };
  },
});
