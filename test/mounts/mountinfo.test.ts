import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBytes, decodeField, encodeField } from '../../src/mounts/escape.ts';
import { parseLine, parseMountinfo } from '../../src/mounts/mountinfo.ts';

/** Any code units, lone surrogates too. (`unit: 'binary'` builds a table of all of Unicode first: seconds.) */
const anyText = (maxLength: number, max = 0xffff) =>
  fc.array(fc.nat(max), { maxLength }).map((codes) => String.fromCharCode(...codes));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const parse = (text: string | Uint8Array) =>
  parseMountinfo(typeof text === 'string' ? bytes(text) : text, 'test', 'file');

describe('a line of mountinfo', () => {
  test('all fields', () => {
    expect(
      parseLine('36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 shared:2 - ext3 /dev/root rw,errors=continue', 7),
    ).toEqual({
      id: 36,
      parent: 35,
      device: '98:0',
      root: '/mnt1',
      mountPoint: '/mnt2',
      options: 'rw,noatime',
      optional: ['master:1', 'shared:2'],
      fstype: 'ext3',
      source: '/dev/root',
      superOptions: 'rw,errors=continue',
      line: 7,
    });
  });

  const rest = (line: string) => {
    const mount = parseLine(line, 1);
    return mount && [mount.mountPoint, mount.fstype, mount.source, mount.superOptions, mount.optional.length];
  };

  // biome-ignore format: a table
  test.each([
    ['no optional field', '1 0 8:1 / / rw - ext4 /dev/sda1 rw', ['/', 'ext4', '/dev/sda1', 'rw', 0]],
    ['an optional field of tomorrow', '1 0 8:1 / / rw shared:1 new:tag x - ext4 /dev/sda1 rw', ['/', 'ext4', '/dev/sda1', 'rw', 3]],
    ['the source is a dash', '1 0 8:1 / / rw - tmpfs - rw', ['/', 'tmpfs', '-', 'rw', 0]],
    ['the mount point is /-', '1 0 8:1 / /- rw - ext4 /dev/sda1 rw', ['/-', 'ext4', '/dev/sda1', 'rw', 0]],
    ['the source looks like an optional field', '1 0 8:1 / / rw - tmpfs shared:1 rw', ['/', 'tmpfs', 'shared:1', 'rw', 0]],
    ['a separator inside names', '1 0 8:1 / /a\\040-\\040b rw - tmpfs x\\040-\\040y rw', ['/a - b', 'tmpfs', 'x - y', 'rw', 0]],
    ['an empty source', '1 0 8:1 / / rw - tmpfs  rw', ['/', 'tmpfs', '', 'rw', 0]],
    ['blanks in the super options', '1 0 8:1 / / rw - cifs //a/b rw,unc=\\\\a\\B LA BLA', ['/', 'cifs', '//a/b', 'rw,unc=\\\\a\\B LA BLA', 0]],
    ['no super options', '1 0 8:1 / / rw - proc proc', ['/', 'proc', 'proc', '', 0]],
    ['a mount point that ends in a blank', '1 0 8:1 / /x\\040 rw - tmpfs t rw', ['/x ', 'tmpfs', 't', 'rw', 0]],
    ['a directory called lit\\040x', '1 0 8:1 / /lit\\134040x rw - tmpfs t rw', ['/lit\\040x', 'tmpfs', 't', 'rw', 0]],
    ['an escaped hash in the source', '1 0 8:1 / / rw - afs \\043root.cell rw', ['/', 'afs', '#root.cell', 'rw', 0]],
    ['incomplete escapes stay', '1 0 8:1 / /a\\12\\x\\ rw - tmpfs t rw', ['/a\\12\\x\\', 'tmpfs', 't', 'rw', 0]],
    ['a pseudo root', '1 0 0:4 net:[4026531992] /run/netns/x rw - nsfs nsfs rw', ['/run/netns/x', 'nsfs', 'nsfs', 'rw', 0]],
    ['control characters', '1 0 8:1 / /a\r\f\v\x07\x7f\u0085\u2028b rw - tmpfs t rw', ['/a\r\f\v\x07\x7f\u0085\u2028b', 'tmpfs', 't', 'rw', 0]],
    ['a promise of gVisor', '0 0 0:0 / /lazy promise - promise none promise', ['/lazy', 'promise', 'none', 'promise', 0]],
  ])('%s', (_, line, expected) => {
    expect(rest(line)).toEqual(expected);
  });

  test.each([
    '',
    ' ',
    'x',
    '1 2 3',
    '1 0 8:1 / / rw',
    '1 0 8:1 / / rw - ext4',
    'a 0 8:1 / / rw - t s o',
    '-1 0 8:1 / / rw - t s o',
    '1 0 81 / / rw - t s o',
    '1 0 8:1 / rel rw - t s o',
  ])('no line: %j', (line) => {
    expect(parseLine(line, 1)).toBeNull();
  });
});

describe('a table', () => {
  test('lines end at the newline only, and bad ones are counted', () => {
    const table = parse('1 0 8:1 / / rw - ext4 /dev/sda1 rw\ngarbage\n\n2 1 0:2 / /a\rb rw - tmpfs t rw');
    expect(table.mounts.map(({ mountPoint, line }) => [mountPoint, line])).toEqual([
      ['/', 1],
      ['/a\rb', 4],
    ]);
    expect(table.skipped).toBe(1);
  });

  test('names that are not UTF-8 stay apart', () => {
    const line = (byte: number) => [...bytes(`${byte} 1 0:2 / /a`), byte, ...bytes(' rw - tmpfs t rw\n')];
    const table = parse(Uint8Array.from([...line(200), ...line(201), ...line(0xc3)]));
    const points = table.mounts.map((mount) => mount.mountPoint);
    expect(new Set(points).size).toBe(3);
    expect(points.every((point) => point.length === 3 && !point.includes('\ufffd'))).toBe(true);
  });

  test('any bytes parse', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (input) => {
        const { mounts, skipped } = parse(input);
        expect(mounts.length + skipped).toBeLessThanOrEqual(input.filter((byte) => byte === 10).length + 1);
      }),
      { numRuns: 500 },
    );
  });

  test('any lines of fields parse', () => {
    const field = fc.oneof(
      fc.constantFrom('-', '', '/', 'rw', '8:1', '1', '\\040', '\\', 'shared:1', '/a b', '\r'),
      anyText(8),
    );
    fc.assert(
      fc.property(fc.array(fc.array(field, { maxLength: 14 }), { maxLength: 20 }), (lines) => {
        parse(lines.map((fields) => fields.join(' ')).join('\n'));
      }),
      { numRuns: 500 },
    );
  });

  test('what the kernel writes comes back', () => {
    const name = anyText(20, 0x2fff).filter(
      (text) => !text.includes('\0') && new TextDecoder().decode(bytes(text)) === text,
    );
    fc.assert(
      fc.property(
        name,
        name,
        name,
        fc.array(fc.constantFrom('shared:1', 'master:22', 'unbindable')),
        (root, point, source, optional) => {
          const line = [
            '7',
            '3',
            '8:1',
            `/${encodeField(root)}`,
            `/${encodeField(point)}`,
            'rw',
            ...optional,
            '-',
            'ext4',
            encodeField(source),
            'rw',
          ].join(' ');
          const { mounts, skipped } = parse(`${line}\n`);
          expect(skipped).toBe(0);
          expect(mounts[0]).toMatchObject({ root: `/${root}`, mountPoint: `/${point}`, source, optional });
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('time grows with the size, not faster, also on hostile input', () => {
    const cost = (make: (size: number) => Uint8Array, size: number): number => {
      const input = make(size);
      let best = Number.POSITIVE_INFINITY;
      for (let run = 0; run < 3; run += 1) {
        const { user } = process.cpuUsage();
        expect(parse(input).skipped).toBeGreaterThanOrEqual(0);
        best = Math.min(best, process.cpuUsage().user - user);
      }
      return best;
    };
    const hostile: ((size: number) => Uint8Array)[] = [
      (size) => bytes('\\'.repeat(size)),
      (size) => bytes(`1 0 8:1 ${'/\\134'.repeat(size / 5)} / rw - t s o`),
      (size) => bytes(`1 0 8:1 / / rw ${'x '.repeat(size / 2)}`),
      (size) => bytes('\n'.repeat(size)),
      (size) => bytes('1\n'.repeat(size / 2)),
      (size) => bytes('1 0 8:1 / /a rw\n'.repeat(size / 16)),
      (size) => new Uint8Array(size).fill(0xff),
      (size) => bytes('1 0 8:1 / /a rw - tmpfs t rw\n'.repeat(size / 29)),
    ];
    for (const make of hostile) {
      const small = Math.max(cost(make, 50_000), 10_000);
      // Eight times the input; quadratic would be 64 times.
      expect(cost(make, 400_000)).toBeLessThan(small * 24);
    }
  });
});

describe('encodings', () => {
  test('fields round-trip', () => {
    fc.assert(
      fc.property(anyText(40), (text) => decodeField(encodeField(text)) === text),
      { numRuns: 1000 },
    );
  });

  test('octal runs are UTF-8', () => {
    expect(decodeField('/caf\\303\\251/x\\377')).toBe('/café/x\udcff');
    expect(decodeField('\\400\\777')).toBe('\\400\\777');
  });

  test('bytes round-trip', () => {
    const encode = (text: string): number[] => {
      const out: number[] = [];
      for (const character of text) {
        const code = character.codePointAt(0) ?? 0;
        if (code >= 0xdc80 && code <= 0xdcff) out.push(code - 0xdc00);
        else out.push(...bytes(character));
      }
      return out;
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (input) => {
        expect(encode(decodeBytes(input))).toEqual([...input]);
      }),
      { numRuns: 1000 },
    );
    expect(decodeBytes(Uint8Array.from([0xef, 0xbb, 0xbf, 0x41]))).toBe('\ufeffA');
  });
});
