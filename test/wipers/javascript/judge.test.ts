import { afterAll, describe, expect, it } from 'vitest';
import { absolutePath } from '../../../src/model/path.ts';
import { actOut, surroundings } from '../../../src/wipers/javascript/analyse.ts';
import { lacks } from '../../support/needs.ts';
import { diskWorld, listing, makeSandbox, reallyRun, removeSandbox } from './sandbox.ts';
import { SNIPPETS } from './snippets.ts';

const tops: string[] = [];
afterAll(() => {
  for (const top of tops) removeSandbox(top);
});

/** Node is the judge: the same program is run for real and acted out on the model, then what is left is compared. */
describe.skipIf(lacks('root', 'unshare'))('node is the judge', () => {
  it.each(SNIPPETS.map((snippet) => [snippet.name, snippet] as const))('%s', async (_, snippet) => {
    const top = makeSandbox(snippet.files ?? {});
    tops.push(top);
    const before = listing(top);
    const around = await surroundings({ world: diskWorld(), root: top, home: top });
    if ('reason' in around) throw new Error(around.reason);
    const source =
      snippet.code === undefined
        ? { file: absolutePath(`${top}/${snippet.main}`) }
        : ({ code: snippet.code, module: 'commonjs' } as const);
    const acted = actOut(
      { source, args: snippet.args?.filter((arg) => arg !== '--') ?? [], cwd: top, env: new Map(), via: [] },
      around,
    );
    const predicted = before.filter((path) => {
      if (!('files' in acted)) return true;
      const found = acted.files.find(`${top}/${path}`);
      expect(found.doubt, `doubt about ${path}`).toBeNull();
      return found.entry !== null;
    });
    if ('files' in acted) expect([...acted.machine.gaps]).toEqual([]);
    const args =
      snippet.code === undefined
        ? [snippet.main ?? '', ...(snippet.args ?? [])]
        : ['-e', snippet.code, ...(snippet.args ?? [])];
    const { error } = reallyRun(top, args);
    const after = new Set(listing(top));
    expect(predicted, error.slice(0, 500)).toEqual(before.filter((path) => after.has(path)));
  });
});
