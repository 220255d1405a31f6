import { describe, expect, test } from 'vitest';
import ephemeral from '../../src/checks/storage/ephemeral-storage.ts';
import lowSpace from '../../src/checks/storage/low-space.ts';
import notWritable from '../../src/checks/storage/not-writable.ts';
import temporary from '../../src/checks/storage/temp-directory.ts';
import unfit from '../../src/checks/storage/unfit-filesystem.ts';
import unstable from '../../src/checks/storage/unstable-volume.ts';
import type { CheckResult } from '../../src/model/check.ts';
import type { AccessFact, SpaceFact } from '../../src/model/facts.ts';
import type { Durability, Platform } from '../../src/model/mount.ts';
import { absolutePath } from '../../src/model/path.ts';
import type { SessionPath } from '../../src/model/session-path.ts';
import { disk, docker, HEX, judgeOn, type Line, machine, pod, tmpfs } from './tables.ts';

const session = (path: string, durability: Durability | null, recommended: string | null = null): SessionPath => ({
  site: 'src/bot.js:7',
  strategy: 'LocalAuth',
  launch: null,
  userDataDir: absolutePath(path),
  unknown: null,
  trail: [],
  dependsOnCwd: false,
  exists: 'unknown',
  durability,
  recommended: recommended === null ? null : absolutePath(recommended),
});

const access: AccessFact = { runsAsRoot: 'unknown', evidence: [], sessions: [] };

function runAll(lines: readonly Line[], path: string, kinds: string[], more: Partial<Platform> = {}): string[] {
  const sessions = [session(path, judgeOn(lines, path))];
  const platform: Platform = { kinds, evidence: [], ...more };
  const facts = { sessions, launches: [], platform, access };
  const results: [string, CheckResult][] = [ephemeral, temporary, unstable, unfit].map((check) => [
    check.code,
    check.run(facts),
  ]);
  results.push([notWritable.code, notWritable.run(facts)]);
  return results.flatMap(([code, result]) => [
    ...result.findings.map((finding) => `${code} ${finding.severity ?? 'error'}`),
    ...((result.unknown?.length ?? 0) > 0 ? [`${code} unknown`] : []),
  ]);
}

describe('what the storage checks say', () => {
  // biome-ignore format: a table
  test.each([
    ['writable layer of Docker', docker(), '/app/.wwebjs_auth', ['docker'], ['WA101 error']],
    ['writable layer of a pod', pod(), '/app/.wwebjs_auth', ['kubernetes'], ['WA101 error']],
    ['named volume', docker(disk('/d', '/dev/sda1', '/var/lib/docker/volumes/w/_data')), '/d', ['docker'], ['WA101 info']],
    ['anonymous volume', docker(disk('/d', '/dev/sda1', `/var/lib/docker/volumes/${HEX}/_data`)), '/d', ['docker'], ['WA101 info', 'WA103 warning']],
    ['emptyDir', pod(disk('/d', '/dev/nvme0n1p1', '/var/lib/kubelet/pods/a/volumes/kubernetes.io~empty-dir/x')), '/d', ['kubernetes'], ['WA103 error']],
    ['hostPath', pod(disk('/d', '/dev/nvme0n1p1', '/srv/x')), '/d', ['kubernetes'], ['WA101 info', 'WA103 warning']],
    ['claim', pod(disk('/d', '/dev/nvme1n1')), '/d', ['kubernetes'], []],
    ['disk of a machine', machine(), '/opt/bot/.wwebjs_auth', ['host'], ['WA101 info']],
    ['/tmp on a tmpfs', machine(tmpfs('/tmp', '/', 'rw,size=4g')), '/tmp/x', ['host'], ['WA101 error', 'WA102 error']],
    ['/tmp on a disk', machine(), '/tmp/x', ['host'], ['WA101 info', 'WA102 warning']],
    ['PrivateTmp', machine(disk('/tmp', '/dev/sda1', '/tmp/systemd-private-a-b/tmp')), '/tmp/x', ['host'], ['WA101 error', 'WA102 error']],
    ['a volume mounted on /tmp/x', docker(disk('/tmp/x', '/dev/sda1', '/var/lib/docker/volumes/w/_data')), '/tmp/x', ['docker'], ['WA101 info']],
    ['SMB without links', docker({ at: '/d', type: 'cifs', source: '//nas/x' }), '/d', ['docker'], ['WA104 error']],
    ['SMB with links', docker({ at: '/d', type: 'cifs', source: '//nas/x', superOptions: 'rw,mfsymlinks' }), '/d', ['docker'], ['WA104 warning']],
    ['bucket', docker({ at: '/d', type: 'fuse.s3fs', source: 's3fs' }), '/d', ['docker'], ['WA104 error']],
    ['read-only mount', docker({ ...disk('/d', '/dev/sda1', '/srv'), options: 'ro' }), '/d', ['docker'], ['WA101 info', 'WA106 error']],
    ['system container', [disk('/', '/dev/sda1', '/var/lib/lxc/b/rootfs')], '/root/bot', ['lxc'], ['WA101 info']],
    ['unknown file system', machine({ at: '/d', type: 'fuse.new', source: 'x' }), '/d', ['host'], ['WA101 unknown', 'WA104 unknown']],
  ] as [string, Line[], string, string[], string[]][])('%s', (_, lines, path, kinds, expected) => {
    expect(runAll(lines, path, kinds)).toEqual(expected);
  });

  test('the event is in the words of the platform', () => {
    const sessions = [session('/app', judgeOn(docker(), '/app'), '/data/whatsapp-sessions')];
    const [finding] = ephemeral.run({ sessions, launches: [], platform: { kinds: ['docker'], evidence: [] } }).findings;
    expect(finding?.event).toContain('docker compose up');
    expect(finding?.remediation?.steps.join(' ')).toContain('/data/whatsapp-sessions');
    expect(finding?.locations).toEqual([{ file: 'src/bot.js', line: 7 }, { path: '/app' }]);
  });

  test('a repository that declares nothing is undeclared, not safe', () => {
    const result = ephemeral.run({
      sessions: [session('/app', null)],
      launches: [],
      platform: { kinds: [], evidence: [] },
    });
    expect(result.findings).toEqual([]);
    expect(result.undeclared).toBeDefined();
  });

  test.each([
    [{ bytesFree: 1e6, inodesFree: 1e5 }, ['error']],
    [{ bytesFree: 1e8, inodesFree: 1e5 }, ['warning']],
    [{ bytesFree: 1e10, inodesFree: 10 }, ['error']],
    [{ bytesFree: 1e10, inodesFree: 500 }, ['warning']],
    [{ bytesFree: 1e10, inodesFree: 0, inodesTotal: 0 }, []],
    [{ bytesFree: 1e10, inodesFree: 1e5 }, []],
  ])('space: %j', (numbers, severities) => {
    const place = {
      path: absolutePath('/d'),
      looked: absolutePath('/d'),
      bytesTotal: 1e11,
      inodesTotal: 1e6,
      ...numbers,
    };
    const space: SpaceFact = { sessions: [place] };
    expect(lowSpace.run({ space, profiles: [] }).findings.map((finding) => finding.severity)).toEqual(severities);
  });
});
