import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { AbsolutePath } from '../../src/model/path.ts';
import { covering, coveringById, mountIndex } from '../../src/mounts/covering.ts';
import { parseMountinfo } from '../../src/mounts/mountinfo.ts';
import { lacks } from '../support/needs.ts';

/** Reads the table and asks the kernel, inside the name space: for each path the real path and the mount of the nearest existing ancestor. */
const PROBE = `
const fs = require('node:fs');
const O_PATH = 0o10000000;
const paths = JSON.parse(process.argv[1]);
const answers = paths.map((path) => {
  let existing = path, rest = '';
  for (;;) {
    try { existing = fs.realpathSync(existing); break; } catch {
      try { // a dangling link: go on with its target
        const target = fs.readlinkSync(existing);
        existing = require('node:path').resolve(require('node:path').dirname(existing), target);
        continue;
      } catch {}
      const cut = existing.lastIndexOf('/');
      rest = existing.slice(cut) + rest;
      existing = existing.slice(0, cut) || '/';
    }
  }
  const fd = fs.openSync(existing, O_PATH);
  const id = Number(/mnt_id:\\s*(\\d+)/.exec(fs.readFileSync('/proc/self/fdinfo/' + fd, 'utf8'))[1]);
  return { path, resolved: (existing === '/' ? '' : existing) + rest || '/', id };
});
process.stdout.write(JSON.stringify({ table: fs.readFileSync('/proc/self/mountinfo').toString('base64'), answers }));
`;

interface Answer {
  path: string;
  resolved: string;
  id: number;
}

const base = mkdtempSync(join(tmpdir(), 'wa-mounts-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** Run shell commands in a new mount name space with a tmpfs of its own at `$D`, then probe. */
function inNamespace(commands: string, paths: readonly string[]): { bytes: Uint8Array; answers: Answer[] } {
  const script = `set -e\nmount -t tmpfs wa "$D"\ncd "$D"\n${commands}\ncd /\nexec "$NODE" -e "$PROBE" "$PATHS"`;
  const run = spawnSync('unshare', ['-m', '--propagation', 'private', 'sh', '-c', script], {
    env: {
      ...process.env,
      D: base,
      NODE: process.execPath,
      PROBE,
      PATHS: JSON.stringify(paths.map((path) => base + path)),
    },
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(run.stderr);
  const { table, answers } = JSON.parse(run.stdout) as { table: string; answers: Answer[] };
  return { bytes: Buffer.from(table, 'base64'), answers };
}

const BENEATH = `
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
tree = libc.syscall(428, -100, os.fsencode(sys.argv[1]), 1)
if tree < 0: sys.exit(9)
# MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_BENEATH (Linux 6.5)
if libc.syscall(429, tree, b"", -100, os.fsencode(sys.argv[2]), 0x4 | 0x200) != 0: sys.exit(9)
`;

/** Can this kernel insert a mount beneath another one, and is there a python to ask it with? */
function beneath(): boolean {
  const script = `mkdir -p "$D" && mount -t tmpfs a "$D" && mkdir "$D/s" "$D/t" && mount -t tmpfs b "$D/s" && mount -t tmpfs c "$D/t" && python3 -c "$B" "$D/s" "$D/t"`;
  return (
    spawnSync('unshare', ['-m', '--propagation', 'private', 'sh', '-c', script], {
      env: { ...process.env, D: base, B: BENEATH },
    }).status === 0
  );
}

// biome-ignore format: a table
const cases: { name: string; commands: string; paths: string[]; needs?: () => boolean }[] = [
  { name: 'tmpfs and its neighbour by string prefix', commands: 'mkdir app app2; mount -t tmpfs x app; mkdir app/s', paths: ['/app', '/app/s', '/app2', '/app/s/not/yet', '/applet'] },
  { name: 'overlay', commands: 'mkdir l u w m; mount -t tmpfs t w; mkdir w/u w/w; mount -t overlay o -o lowerdir=l,upperdir=w/u,workdir=w/w m; mkdir m/s', paths: ['/m', '/m/s', '/m/x/y', '/w/u'] },
  { name: 'bind of a directory of another mount', commands: 'mkdir a b; mount -t tmpfs x a; mkdir a/s; mount --bind a/s b', paths: ['/b', '/b/q', '/a/s', '/a'] },
  { name: 'bind of a single file', commands: 'mkdir a; echo 1 > f; echo 2 > a/config.json; mount --bind f a/config.json', paths: ['/a/config.json', '/a/config.json.bak', '/a'] },
  { name: 'over-mount', commands: 'mkdir a; mount -t tmpfs one a; mkdir a/b; mount -t tmpfs two a; mount -t tmpfs three a; mkdir a/c', paths: ['/a', '/a/b', '/a/c/d'] },
  { name: 'a cover on the parent hides deeper mounts', commands: 'mkdir -p a/b; mount -t tmpfs deep a/b; mount -t tmpfs cover a; mkdir a/b; touch a/b/x', paths: ['/a/b', '/a/b/x', '/a/b/y', '/a'] },
  { name: 'a visible twin below the cover', commands: 'mkdir -p a/b; mount -t tmpfs deep a/b; mount -t tmpfs cover a; mkdir a/b; mount -t tmpfs twin a/b; mkdir a/b/c; mount -t tmpfs last a/b/c', paths: ['/a/b', '/a/b/c', '/a/b/c/x', '/a/x'] },
  { name: 'mount beneath', commands: 'mkdir s t; mount -t tmpfs below s; mount -t tmpfs top t; python3 -c "$B" "$D/s" "$D/t"; touch t/x', paths: ['/t', '/t/x', '/t/y/z', '/s'], needs: beneath },
  { name: 'read-only bind', commands: 'mkdir a b; mount --bind a b; mount -o remount,bind,ro b', paths: ['/b', '/b/x', '/a'] },
  { name: 'the source of a bind is deleted', commands: 'mkdir a b; mkdir a/s; mount --bind a/s b; rmdir a/s; mkdir a/s', paths: ['/b', '/a/s', '/a/s/x'] },
  { name: 'links into another mount, relative and dangling', commands: 'mkdir a b; mount -t tmpfs x a; mkdir a/s; ln -s a/s link; ln -s ../a/s b/up; ln -s a/none/deep dangling; ln -s "$D/b" a/back', paths: ['/link', '/b/up', '/dangling', '/dangling/more', '/a/back', '/link/../x'] },
  { name: 'a moved mount: the child comes before its parent', commands: 'mkdir a b c; mount -t tmpfs x a; mkdir a/in; mount -t tmpfs y a/in; mount -t tmpfs z b; mkdir b/in; mount --move a b/in', paths: ['/b', '/b/in', '/b/in/in', '/a'] },
  { name: 'ids that are used again', commands: 'mkdir a b; mount -t tmpfs gone a; mount -t tmpfs stay b; umount a; mount -t tmpfs new b; touch b/x', paths: ['/b', '/b/x', '/a'] },
  { name: 'a bind outlives a cover over its source', commands: 'mkdir a b; mkdir a/s; mount --bind a/s b; mount -t tmpfs cover a', paths: ['/b', '/a', '/a/s'] },
  { name: 'recursive bind', commands: 'mkdir -p a/in b; mount -t tmpfs x a; mkdir a/in; mount -t tmpfs y a/in; mount --rbind a b', paths: ['/b', '/b/in', '/b/in/x', '/a/in'] },
  { name: 'names with blanks, backslashes and octal look-alikes', commands: `mkdir 'a b' 'lit\\040x' 'tab	x' 'x '; for d in 'a b' 'lit\\040x' 'tab	x' 'x '; do mount -t tmpfs m "$d"; done`, paths: ['/a b/s', '/lit\\040x/s', '/tab\tx', '/x /s', '/a'] },
  { name: 'a carriage return in a name', commands: `mkdir "$(printf 'c\\rr')"; mount -t tmpfs m "$(printf 'c\\rr')"`, paths: ['/c\rr/s', '/c'] },
];

describe.skipIf(lacks('linux', 'root', 'unshare'))('the walk finds the mount that the kernel has', () => {
  test.each(cases)('$name', ({ commands, paths, needs }) => {
    if (needs && !needs()) {
      console.log('skipped here: the kernel or python3 cannot insert a mount beneath another');
      return;
    }
    const { bytes, answers } = inNamespace(commands.replaceAll('"$B"', `'${BENEATH}'`), paths);
    const table = parseMountinfo(bytes, '/proc/self/mountinfo', 'live');
    expect(table.skipped).toBe(0);
    const index = mountIndex(table);
    for (const { path, resolved, id } of answers) {
      expect({ path, id: covering(index, resolved as AbsolutePath)?.id }).toEqual({ path, id });
      expect(coveringById(index, resolved as AbsolutePath, id)?.id).toBe(id);
    }
  });

  test('in a chroot into a plain directory nothing covers /', () => {
    const script = `set -e; mount -t tmpfs wa "$D"; J="$D/jail"; mkdir -p "$J/usr" "$J/proc" "$J/data"
      mount --rbind /usr "$J/usr"
      for d in bin lib lib64; do if [ -L /$d ]; then ln -s usr/$d "$J/$d"; elif [ -d /$d ]; then mkdir "$J/$d"; mount --rbind /$d "$J/$d"; fi; done
      mount -t proc p "$J/proc"; mount -t tmpfs data "$J/data"; exec chroot "$J" cat /proc/self/mountinfo`;
    const out = execFileSync('unshare', ['-m', '--propagation', 'private', 'sh', '-c', script], {
      env: { ...process.env, D: base },
    });
    const index = mountIndex(parseMountinfo(out, 'chroot', 'live'));
    expect(covering(index, '/data/x' as AbsolutePath)?.source).toBe('data');
    expect(covering(index, '/app' as AbsolutePath)).toBeNull();
    expect(covering(index, '/' as AbsolutePath)).toBeNull();
  });
});
