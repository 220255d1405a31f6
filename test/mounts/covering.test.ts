import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Mount } from '../../src/model/mount.ts';
import { type AbsolutePath, absolutePath } from '../../src/model/path.ts';
import { covering, coveringById, effectivePath, mountIndex, visibleMounts } from '../../src/mounts/covering.ts';
import { parseMountinfo } from '../../src/mounts/mountinfo.ts';

const at = (path: string) => absolutePath(path);

function tableOf(lines: readonly string[]) {
  return parseMountinfo(new TextEncoder().encode(lines.join('\n')), 'test', 'file');
}

/**
 * The kernel in small: a mount is attached to a directory of another mount, by name. Paths resolve by walking; what is mounted, and
 * where, is decided as mount(2) does it, so the truth comes from the model and not from the table.
 */
class Kernel {
  readonly mounts: { id: number; parent: number; point: string; on: Map<string, number> }[] = [
    { id: 1, parent: 0, point: '/', on: new Map() },
  ];

  #find(id: number) {
    return this.mounts.find((mount) => mount.id === id);
  }

  /** Where a path leads: the mount, and the directory inside it. `''` is the root of a mount; another mount may lie on it. */
  resolve(path: string): { id: number; inside: string } {
    let id = 1;
    let inside = '';
    for (const part of path.split('/').filter(Boolean)) {
      inside += `/${part}`;
      for (let next = this.#find(id)?.on.get(inside); next !== undefined; next = this.#find(id)?.on.get(inside)) {
        id = next;
        inside = '';
      }
    }
    return { id, inside };
  }

  /** Mount on top at the path, or with `beneath` under the top mount there. */
  mount(id: number, path: string, beneath: boolean): void {
    const { id: parent, inside } = this.resolve(path);
    const top = this.#find(parent);
    if (!top || this.#find(id)) return;
    const made = { id, parent, point: path, on: new Map<string, number>() };
    const below = beneath && inside === '' && parent !== 1 ? this.#find(top.parent) : undefined;
    const place = below && [...below.on].find(([, child]) => child === parent)?.[0];
    if (below && place !== undefined) {
      // The new mount takes the place of the top one, and the top one is attached to the new one's root.
      made.parent = below.id;
      below.on.set(place, id);
      made.on.set('', parent);
      top.parent = id;
    } else {
      top.on.set(inside, id);
    }
    this.mounts.push(made);
  }
}

const component = fc.constantFrom('a', 'b', 'ab');
const path = fc.array(component, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join('/')}`);

describe('the covering mount', () => {
  test('the walk equals a model of the kernel on random trees of mounts, in any order of lines', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ path, beneath: fc.boolean(), id: fc.integer({ min: 2, max: 400 }) }), { maxLength: 25 }),
        fc.array(path, { minLength: 1, maxLength: 20 }),
        fc.infiniteStream(fc.nat()),
        (steps, paths, randoms) => {
          const kernel = new Kernel();
          for (const step of steps) kernel.mount(step.id, step.path, step.beneath);
          const shuffled = [...kernel.mounts]
            .map((mount) => ({ mount, key: randoms.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ mount }) => mount);
          const index = mountIndex(
            tableOf(shuffled.map(({ id, parent, point }) => `${id} ${parent} 0:${id} / ${point} rw - tmpfs t rw`)),
          );
          for (const wanted of paths) expect(covering(index, at(wanted))?.id).toBe(kernel.resolve(wanted).id);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('any table answers, also one with circles and doubled ids', () => {
    const mount = fc.record({ id: fc.nat(6), parent: fc.nat(6), point: fc.oneof(fc.constant('/'), path) });
    fc.assert(
      fc.property(fc.array(mount, { maxLength: 12 }), path, (mounts, wanted) => {
        const index = mountIndex(
          tableOf(mounts.map(({ id, parent, point }) => `${id} ${parent} 0:1 / ${point} rw - tmpfs t rw`)),
        );
        const found = covering(index, at(wanted));
        if (found)
          expect(
            wanted === found.mountPoint || found.mountPoint === '/' || wanted.startsWith(`${found.mountPoint}/`),
          ).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test('a mount over / is not seen by a process whose root lies below it', () => {
    const index = mountIndex(
      tableOf([
        '28 1 8:1 / / rw - ext4 /dev/sda1 rw',
        '99 28 0:9 / / rw - tmpfs cover rw',
        '100 99 0:10 / /a rw - tmpfs hidden rw',
      ]),
    );
    expect(covering(index, at('/x'))?.id).toBe(28);
    expect(covering(index, at('/a'))?.id).toBe(28);
    expect(visibleMounts(index).map(({ id }) => id)).toEqual([28]);
  });

  test('a root that is its own parent', () => {
    const index = mountIndex(tableOf(['1 1 0:1 / / rw - rootfs rootfs rw', '5 1 0:5 / /a rw - tmpfs t rw']));
    expect(covering(index, at('/a/b'))?.id).toBe(5);
    expect(covering(index, at('/b'))?.id).toBe(1);
  });

  test('mounts without a parent in the table are attached by path', () => {
    const index = mountIndex(tableOf(['7 3 0:7 / /data rw - tmpfs t rw', '8 7 0:8 / /data/x rw - tmpfs u rw']));
    expect(covering(index, at('/data/x/y'))?.id).toBe(8);
    expect(covering(index, at('/data/y'))?.id).toBe(7);
    expect(covering(index, at('/'))).toBeNull();
  });

  test('escapes that no kernel writes are names too', () => {
    const index = mountIndex(
      tableOf(['1 0 8:1 / / rw - ext4 a rw', '2 1 0:2 / /\\101 rw - tmpfs t rw', '3 1 0:3 / /x\\040y rw - tmpfs u rw']),
    );
    expect(covering(index, at('/A/x'))?.id).toBe(2);
    expect(covering(index, at('/x y/z'))?.id).toBe(3);
    expect(covering(index, at('/x'))?.id).toBe(1);
  });

  test("the kernel's id decides where the table has it", () => {
    const index = mountIndex(
      tableOf(['1 0 8:1 / / rw - ext4 a rw', '2 1 0:2 / /a rw - tmpfs t rw', '3 2 0:3 / /a rw - tmpfs u rw']),
    );
    expect(coveringById(index, at('/a/x'), 2)?.id).toBe(2);
    expect(coveringById(index, at('/a/x'), 77)?.id).toBe(3);
    expect(coveringById(index, at('/b'), 2)?.id).toBe(1);
    expect(coveringById(index, at('/a'), null)?.id).toBe(3);
  });

  test('the path inside the file system', () => {
    const mount = (root: string, mountPoint: string) => ({ root, mountPoint }) as Mount;
    expect(effectivePath(mount('/', '/'), at('/'))).toBe('/');
    expect(effectivePath(mount('/', '/'), at('/a/b'))).toBe('/a/b');
    expect(effectivePath(mount('/r', '/'), at('/a'))).toBe('/r/a');
    expect(effectivePath(mount('/r', '/a'), at('/a'))).toBe('/r');
    expect(effectivePath(mount('/r', '/a'), '/a/b/c' as AbsolutePath)).toBe('/r/b/c');
    expect(effectivePath(mount('/', '/a'), at('/a/b'))).toBe('/b');
  });

  test('time grows with the number of mounts, not faster', () => {
    const shapes: ((n: number) => string[])[] = [
      (n) => Array.from({ length: n }, (_, i) => `${i + 2} 1 0:1 / /d${i} rw - tmpfs t rw`),
      (n) => Array.from({ length: n }, (_, i) => `${i + 2} ${i + 1} 0:1 / /a rw - tmpfs t rw`),
      (n) => Array.from({ length: n }, (_, i) => `${i + 2} ${i + 1000000} 0:1 / /a rw - tmpfs t rw`),
      (n) => Array.from({ length: n }, (_, i) => `${i + 2} ${((i + 1) % n) + 2} 0:1 / /a rw - tmpfs t rw`),
    ];
    for (const shape of shapes) {
      const cost = (n: number): number => {
        const table = tableOf(['1 0 8:1 / / rw - ext4 a rw', ...shape(n)]);
        let best = Number.POSITIVE_INFINITY;
        for (let run = 0; run < 3; run += 1) {
          const { user } = process.cpuUsage();
          const index = mountIndex(table);
          for (let query = 0; query < 50; query += 1) covering(index, at(`/a/${query}`));
          best = Math.min(best, process.cpuUsage().user - user);
        }
        return best;
      };
      const small = Math.max(cost(2_000), 3_000);
      expect(cost(16_000)).toBeLessThan(small * 24);
    }
  });
});
