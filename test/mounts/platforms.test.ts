import { expect, test } from 'vitest';
import { contextOf, platformOf } from '../../src/mounts/context.ts';
import { mountIndex } from '../../src/mounts/covering.ts';
import { NO_EVIDENCE } from '../../src/mounts/evidence.ts';
import { parseMountinfo } from '../../src/mounts/mountinfo.ts';
import { disk, HEX, type Line, mountinfo } from './tables.ts';

const kindsOf = (lines: readonly Line[]): readonly string[] =>
  platformOf(contextOf(mountIndex(parseMountinfo(mountinfo(lines), 'table', 'live')), NO_EVIDENCE)).kinds;

/** The table of a container of podman 4.3 with the vfs driver, as seen in it: its layers have the names that Docker's have. */
test.each<[string, Line[], string]>([
  ['Podman, vfs', [disk('/', '/dev/vda', `/var/lib/containers/storage/vfs/dir/${HEX}`)], 'podman'],
  ['Podman, btrfs', [disk('/', '/dev/vda', `/var/lib/containers/storage/btrfs/subvolumes/${HEX}`)], 'podman'],
  [
    'Podman, by its own files',
    [
      disk('/', '/dev/vda', `/srv/vfs/dir/${HEX}`),
      disk('/etc/hosts', '/dev/vda', `/run/containers/storage/vfs-containers/${HEX}/userdata/hosts`),
    ],
    'podman',
  ],
  ['Docker, vfs', [disk('/', '/dev/vda', `/var/lib/docker/vfs/dir/${HEX}`)], 'docker'],
])('%s', (_, lines, kind) => {
  expect(kindsOf(lines)).toContain(kind);
  expect(kindsOf(lines)).not.toContain(kind === 'podman' ? 'docker' : 'podman');
});
