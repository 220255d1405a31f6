import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createReader } from '../../src/facts/reader.ts';
import { absolutePath } from '../../src/model/path.ts';
import { scratch, write } from '../support/doctor.ts';

const at = absolutePath;

function jail() {
  const base = scratch('jail');
  const root = join(base, 'root');
  write(base, { 'secret.txt': 'outside', 'root/app/file.txt': 'inside', 'root/etc/hostname': 'bot' });
  return { base, root, reader: createReader({ root }) };
}

describe('the jail', () => {
  it.each([
    ['an absolute link', '/secret.txt'],
    ['a climbing link', '../../../../../../../secret.txt'],
    ['a link to the real path outside', '@outside'],
  ])('is not left through %s', (_, target) => {
    const { base, root, reader } = jail();
    symlinkSync(target === '@outside' ? join(base, 'secret.txt') : target, join(root, 'app/link'));
    expect(reader.text(at('/app/link'))).toMatchObject({ ok: false, failure: { kind: 'missing' } });
  });

  it('is not left through a linked directory on the way', () => {
    const { base, root, reader } = jail();
    symlinkSync(base, join(root, 'app/up'));
    expect(reader.text(at('/app/up/secret.txt')).ok).toBe(false);
    expect(reader.list(at('/app/up')).ok).toBe(false);
  });

  it('follows an absolute link as if the root were /', () => {
    const { root, reader } = jail();
    symlinkSync('/etc/hostname', join(root, 'app/name'));
    expect(reader.text(at('/app/name'))).toEqual({ ok: true, value: 'bot' });
  });

  it('keeps .. above / at /', () => {
    const { reader } = jail();
    expect(reader.resolve('/../../app/../../etc/hostname')).toMatchObject({
      ok: true,
      value: { resolved: '/etc/hostname', exists: true },
    });
  });

  it('never reads a byte from outside, whatever links and paths there are', () => {
    const name = fc.constantFrom('a', 'b', 'c', '..', '.', 'secret.txt');
    const target = fc.oneof(
      fc.array(name, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/')),
      fc.array(name, { minLength: 1, maxLength: 6 }).map((parts) => `/${parts.join('/')}`),
      fc.constant('@outside'),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), target), { maxLength: 3 }),
        fc.array(name, { maxLength: 6 }),
        (links, path) => {
          const { base, root } = jail();
          for (const [link, to] of links) {
            try {
              symlinkSync(to === '@outside' ? base : to, join(root, link));
            } catch {}
          }
          const result = createReader({ root }).text(at(`/${path.join('/')}`));
          expect(result.ok && result.value === 'outside').toBe(false);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('only regular files are opened', () => {
  it('refuses a FIFO without waiting for a writer', () => {
    const directory = scratch('fifo');
    execFileSync('mkfifo', [join(directory, 'package.json')]);
    const path = at(join(directory, 'package.json'));
    const reader = createReader();
    for (const result of [reader.text(path), reader.open(path)]) {
      expect(result).toMatchObject({ ok: false, failure: { kind: 'not-a-file' } });
    }
  });

  it('refuses a directory, a device and a socket', () => {
    const reader = createReader();
    expect(reader.text(at('/tmp'))).toMatchObject({ ok: false, failure: { kind: 'not-a-file' } });
    expect(reader.text(at('/dev/zero'))).toMatchObject({ ok: false, failure: { kind: 'not-a-file' } });
  });

  it('does not follow a link when it opens for reading in pieces', () => {
    const directory = write(scratch('open'), { file: 'text' });
    symlinkSync('file', join(directory, 'link'));
    expect(createReader().open(at(join(directory, 'link')))).toMatchObject({
      ok: false,
      failure: { kind: 'not-a-file' },
    });
  });

  it('reads in pieces', () => {
    const directory = write(scratch('open'), { file: '0123456789' });
    const file = createReader().open(at(join(directory, 'file')));
    if (!file.ok) throw new Error(file.failure.reason);
    expect(Buffer.from(file.value.read(3, 4)).toString()).toBe('3456');
    expect(file.value.read(8, 10)).toHaveLength(2);
    file.value.close();
  });
});

describe('limits and reasons', () => {
  it('refuses a file above the limit without reading it', () => {
    const directory = write(scratch('large'), { 'package.json': new Uint8Array(1000) });
    expect(createReader().text(at(join(directory, 'package.json')), 999)).toMatchObject({
      ok: false,
      failure: { kind: 'too-large' },
    });
  });

  it('says that links lead in a circle', () => {
    const directory = scratch('loop');
    symlinkSync('b', join(directory, 'a'));
    symlinkSync('a', join(directory, 'b'));
    expect(createReader().text(at(join(directory, 'a')))).toMatchObject({ ok: false, failure: { kind: 'link-loop' } });
  });

  it('limits the entries of a directory', () => {
    const directory = write(scratch('many'), { a: '', b: '', c: '' });
    expect(createReader().list(at(directory), 2)).toMatchObject({ ok: false, failure: { kind: 'too-large' } });
    expect(createReader().list(at(directory), 3).ok).toBe(true);
  });

  it('reads files of /proc, whose size is said to be 0', () => {
    const result = createReader().text(at('/proc/self/mountinfo'));
    expect(result.ok && result.value).toBe(readFileSync('/proc/self/mountinfo', 'utf8'));
  });

  it('names the nearest existing ancestor of a path that is not there', () => {
    const directory = realpathSync(scratch('ancestor'));
    mkdirSync(join(directory, 'real'));
    symlinkSync('real', join(directory, 'link'));
    expect(createReader().resolve(join(directory, 'link/x/y'))).toEqual({
      ok: true,
      value: { resolved: join(directory, 'real/x/y'), exists: false, existing: join(directory, 'real') },
    });
  });

  it('says when it may not read', () => {
    const directory = write(scratch('denied'), { file: 'text' });
    chmodSync(join(directory, 'file'), 0);
    chmodSync(directory, 0o755);
    const root = process.getuid?.() === 0;
    if (root) process.seteuid?.(65534);
    try {
      const result = createReader().text(at(join(directory, 'file')));
      expect(result).toMatchObject({ ok: false, failure: { kind: 'denied' } });
    } finally {
      if (root) process.seteuid?.(0);
    }
  });

  it('resolves as realpath does, for every path that exists', () => {
    const directory = realpathSync(scratch('realpath'));
    write(directory, { 'd/e/file': '', 'f/file': '' });
    symlinkSync('../f', join(directory, 'd/up'));
    symlinkSync(join(directory, 'd'), join(directory, 'f/abs'));
    linkSync(join(directory, 'f/file'), join(directory, 'hard'));
    const part = fc.constantFrom('d', 'e', 'f', 'up', 'abs', 'file', 'hard', '..', '.', '');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const path = `${directory}/${parts.join('/')}`;
        let truth: string | null = null;
        try {
          truth = realpathSync.native(path);
        } catch {}
        // The kernel refuses `file/..`; a missing path has no realpath.
        if (truth === null) return;
        expect(createReader().resolve(path)).toMatchObject({ ok: true, value: { resolved: truth, exists: true } });
      }),
      { numRuns: 300 },
    );
  });
});
