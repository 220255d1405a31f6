import { describe, expect, test } from 'vitest';
import { type AbsolutePath, absolutePath } from '../../src/model/path.ts';
import { contextOf, platformOf } from '../../src/mounts/context.ts';
import { mountIndex } from '../../src/mounts/covering.ts';
import { type Declaration, declaredMount, declaredTable } from '../../src/mounts/declare.ts';
import { durabilityOf } from '../../src/mounts/durability.ts';
import { NO_EVIDENCE } from '../../src/mounts/evidence.ts';
import { parseMountinfo } from '../../src/mounts/mountinfo.ts';
import { recommendDataPath } from '../../src/mounts/recommend.ts';
import { letters } from '../../src/mounts/survival.ts';
import { disk, docker, type Line, machine, mountinfo, pod, tmpfs } from './tables.ts';

const declared = (engine: Declaration['engine'], ...parts: Omit<Declaration, 'engine'>[]) =>
  contextOf(
    mountIndex(
      declaredTable(
        'file',
        engine,
        parts.map((part) => declaredMount({ ...part, engine })),
      ),
    ),
    NO_EVIDENCE,
  );
const at = (path: string) => absolutePath(path);

describe('declared tables are judged like live ones', () => {
  // biome-ignore format: a table
  test.each([
    ['docker: nothing declared', 'docker', [], '/app', 'TTFTF', true],
    ['docker: named volume', 'docker', [{ kind: 'named-volume', at: at('/data'), name: 'wa' }], '/data/x', 'TTTTF', true],
    ['docker: named volume, sub-path', 'docker', [{ kind: 'named-volume', at: at('/data'), name: 'wa', subPath: 'a' }], '/data', 'TTTTF', true],
    ['docker: anonymous volume', 'docker', [{ kind: 'anonymous-volume', at: at('/data') }], '/data/x', 'TT?TF', true],
    ['docker: bind', 'docker', [{ kind: 'bind', at: at('/data'), source: '/srv/bot' }], '/data/x', 'TTTTF', true],
    ['docker: bind, relative', 'docker', [{ kind: 'bind', at: at('/data'), source: './sessions' }], '/data/x', 'TTTTF', true],
    ['docker: bind of /tmp', 'docker', [{ kind: 'bind', at: at('/data'), source: '/tmp/bot' }], '/data/x', 'TTT?F', true],
    ['docker: bind of /dev/shm', 'docker', [{ kind: 'bind', at: at('/data'), source: '/dev/shm/x' }], '/data/x', 'TTTFF', true],
    ['docker: read-only bind', 'docker', [{ kind: 'bind', at: at('/data'), source: '/srv', readOnly: true }], '/data/x', 'TTTTF', false],
    ['docker: tmpfs', 'docker', [{ kind: 'tmpfs', at: at('/data') }], '/data/x', 'TFFFF', true],
    ['docker: NFS volume', 'docker', [{ kind: 'named-volume', at: at('/data'), fstype: 'nfs4', source: '10.0.0.9:/wa' }], '/data/x', 'TTTTT', true],
    ['docker: a volume beside the session', 'docker', [{ kind: 'named-volume', at: at('/data'), name: 'wa' }], '/data2', 'TTFTF', true],
    ['docker: a deeper mount wins whatever the order', 'docker', [{ kind: 'tmpfs', at: at('/data/s') }, { kind: 'named-volume', at: at('/data'), name: 'wa' }], '/data/s/x', 'TFFFF', true],
    ['podman: layer', 'podman', [], '/app', 'TTF?F', true],
    ['podman: volume', 'podman', [{ kind: 'named-volume', at: at('/data'), name: 'wa' }], '/data', 'TTTTF', true],
    ['pod: layer', 'kubernetes', [], '/app', 'TFFFF', true],
    ['pod: read-only root', 'kubernetes', [{ kind: 'writable-layer', at: at('/'), readOnly: true }], '/app', 'TFFFF', false],
    ['pod: emptyDir', 'kubernetes', [{ kind: 'empty-dir', at: at('/data'), name: 'x' }], '/data', 'TTF?F', true],
    ['pod: memory', 'kubernetes', [{ kind: 'memory-empty-dir', at: at('/data') }], '/data', 'TTFFF', true],
    ['pod: claim', 'kubernetes', [{ kind: 'pvc', at: at('/data'), name: 'wa' }], '/data/x', 'TTTT?', true],
    ['pod: claim, sub-path', 'kubernetes', [{ kind: 'pvc', at: at('/data'), name: 'wa', subPath: 'bots/a' }], '/data/x', 'TTTT?', true],
    ['pod: hostPath', 'kubernetes', [{ kind: 'host-path', at: at('/data'), source: '/srv/wa' }], '/data', 'TT?TF', true],
    ['pod: configMap', 'kubernetes', [{ kind: 'config-map', at: at('/data'), name: 'c' }], '/data', 'TTF?F', false],
  ] as [string, Declaration['engine'], Omit<Declaration, 'engine'>[], string, string, boolean][])('%s', (_, engine, parts, path, survives, writable) => {
    const judged = durabilityOf(declared(engine, ...parts), path);
    expect([letters(judged.survives), judged.writable]).toEqual([survives, writable]);
  });

  test('a platform that the project names rules', () => {
    const index = mountIndex(declaredTable('Procfile', 'docker', []));
    const context = contextOf(index, { ...NO_EVIDENCE, stated: 'render' });
    expect(letters(durabilityOf(context, '/app').survives)).toBe('TFFFF');
    expect(platformOf(context)).toMatchObject({ event: 'a redeploy or restart on Render' });
  });
});

describe('where to put the session', () => {
  const recommend = (lines: readonly Line[], project: string | null, home?: string) =>
    recommendDataPath({
      context: contextOf(mountIndex(parseMountinfo(mountinfo(lines), 'test', 'file')), NO_EVIDENCE),
      project: project === null ? null : at(project),
      home: home === undefined ? null : at(home),
    });

  // biome-ignore format: a table
  test.each([
    ['the founding pod', pod(disk('/app', '/dev/nvme0n4')), '/app/whatsapp-service', undefined, '/app/data/whatsapp-sessions'],
    ['a pod without a volume', pod(), '/app', undefined, null],
    ['a pod with an emptyDir', pod(disk('/app', '/dev/nvme0n1p1', '/var/lib/kubelet/pods/a/volumes/kubernetes.io~empty-dir/x')), '/app/x', undefined, null],
    ['a volume called data', docker(disk('/data', '/dev/sda1', '/var/lib/docker/volumes/wa/_data')), '/app', undefined, '/data/whatsapp-sessions'],
    ['a volume made for the session', docker(disk('/app/.wwebjs_auth', '/dev/sda1', '/var/lib/docker/volumes/wa/_data'), disk('/data', '/dev/sda1', '/srv')), '/app', undefined, '/app/.wwebjs_auth'],
    ['the mount with the project goes first', docker(disk('/data', '/dev/sda1', '/srv/a'), disk('/work', '/dev/sda1', '/srv/b')), '/work/bot', undefined, '/work/data/whatsapp-sessions'],
    ['a file that is mounted is no place', docker(disk('/app/config.json', '/dev/sda1', '/srv/config.json')), '/app', undefined, null],
    ['an anonymous volume is none either', docker(disk('/data', '/dev/sda1', `/var/lib/docker/volumes/${'a'.repeat(64)}/_data`)), '/app', undefined, null],
    ['a share is not fit', docker({ at: '/data', type: 'cifs', source: '//nas/x' }), '/app', undefined, null],
    ['read-only', docker({ ...disk('/data', '/dev/sda1', '/srv'), options: 'ro' }), '/app', undefined, null],
    ['a machine, as root', machine(), '/root/bot', '/root', '/var/lib/whatsapp-sessions'],
    ['a machine, as a user', machine(), '/home/me/bot', '/home/me', '/home/me/whatsapp-sessions'],
    ['a live system', [{ at: '/', type: 'overlay', source: '/cow', superOptions: 'rw,upperdir=/cow/upper' }, tmpfs('/cow')] as Line[], '/home/me', undefined, null],
  ] as [string, readonly Line[], string | null, string | undefined, AbsolutePath | null][])('%s', (_, lines, project, home, expected) => {
    expect(recommend(lines, project, home)).toBe(expected);
  });
});
