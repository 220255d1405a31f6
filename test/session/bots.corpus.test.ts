import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createReader } from '../../src/facts/reader.ts';
import type { AuthSite } from '../../src/model/auth-site.ts';
import { absolutePath } from '../../src/model/path.ts';
import { findAuthSites } from '../../src/session/sites.ts';
import { lacks } from '../support/needs.ts';

/** Real repositories, laid out as `<owner>+<name>` beside the project or where WA_BOTS says, and their labels. */
const BOTS = resolve(process.env['WA_BOTS'] ?? '../bots');
const LABELS = join(resolve(process.env['WA_CORPUS'] ?? '../shared/corpus'), 'bots/bots.json');

interface SiteLabel {
  readonly file: string;
  readonly line: number;
  readonly strategy: string;
  readonly dataPathKind: string;
  readonly effectivePathIfCwdIsPackageRoot: string | null;
  readonly userDataDir: string;
  readonly clientId: string | null;
}

interface BotLabel {
  readonly repo: string;
  readonly packageRoot: string;
  readonly sites: readonly SiteLabel[];
}

const labels: readonly BotLabel[] = existsSync(LABELS) ? JSON.parse(readFileSync(LABELS, 'utf8')) : [];
const folderOf = ({ repo }: BotLabel) => join(BOTS, repo.replace('/', '+'));
const present = labels.filter((label) => existsSync(folderOf(label)));

/** Every run-time part as `<>`; a part in brackets in a label may be there or not. */
function forms(path: string): string[] {
  return path.split(' | ').flatMap((one) => {
    const plain = one.replace(/<[^<>]*>/g, '<>').replace(/^\.\//, '');
    const optional = /\[([^\]]*)\]/.exec(plain);
    if (optional === null) return [plain];
    return [plain.replace(optional[0], ''), plain.replace(optional[0], optional[1] ?? '')];
  });
}

const kindOf = (kind: string): string => (kind === 'env-with-relative-default' ? 'env-with-default' : kind);
const strategyOf = (strategy: string): string => (strategy === 'none' ? 'NoAuth' : strategy);

type Verdict = 'right' | 'unknown' | 'wrong';

function judge(label: SiteLabel, found: readonly AuthSite[]): Verdict {
  if (found.every(({ userDataDir }) => userDataDir === null)) {
    return label.userDataDir.startsWith('(') ? 'right' : 'unknown';
  }
  const wanted = forms(label.userDataDir);
  return found.every(
    ({ userDataDir }) => userDataDir !== null && forms(userDataDir).some((form) => wanted.includes(form)),
  )
    ? 'right'
    : 'wrong';
}

describe.skipIf(lacks('corpus/bots', 'corpus/checkouts'))(`auth sites of ${present.length} real bots`, () => {
  const tally = { found: 0, missed: 0, invented: 0, right: 0, unknown: 0, wrong: 0 };

  it.each(present.map((label) => [label.repo, label] as const))('%s', async (_, label) => {
    const { sites } = await findAuthSites(createReader(), absolutePath(folderOf(label)));
    const bots = sites.filter(({ role }) => role === 'bot');
    const invented = bots.filter(
      (site) => !label.sites.some(({ file, line }) => file === site.file && line === site.line),
    );
    tally.invented += invented.length;
    const missed: string[] = [];
    for (const wanted of label.sites) {
      const found = bots.filter(({ file, line }) => file === wanted.file && line === wanted.line);
      if (found.length === 0) {
        tally.missed++;
        missed.push(`${wanted.file}:${wanted.line}`);
        continue;
      }
      tally.found++;
      tally[judge(wanted, found)]++;
      for (const site of found) {
        expect.soft(site.strategy).toBe(strategyOf(wanted.strategy));
        expect.soft(site.dataPath.kind).toBe(kindOf(wanted.dataPathKind));
        expect.soft(judge(wanted, found)).not.toBe('wrong');
        expect.soft(site.packageRoot).toBe(label.packageRoot === '.' ? '' : label.packageRoot);
        if (wanted.clientId?.startsWith('dynamic') === true) expect.soft(site.clientId.kind).toBe('dynamic');
        if (wanted.clientId === null) expect.soft(site.clientId.kind).toBe('none');
      }
    }
    expect.soft(invented.map(({ file, line }) => `${file}:${line}`)).toEqual([]);
    expect.soft(missed).toEqual([]);
  });

  it('misses at most 2 % of the sites, invents none, leaves at most 10 % of the paths unknown, none is wrong', () => {
    const sites = tally.found + tally.missed;
    console.log(
      `auth sites: ${tally.found} found, ${tally.missed} missed, ${tally.invented} invented; paths: ${tally.right} right, ${tally.unknown} unknown, ${tally.wrong} wrong (${labels.length - present.length} repositories not here)`,
    );
    expect(tally.invented).toBe(0);
    expect(tally.wrong).toBe(0);
    expect(tally.missed).toBeLessThanOrEqual(sites * 0.02);
    expect(tally.unknown).toBeLessThanOrEqual(sites * 0.1);
  });
});
