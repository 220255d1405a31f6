// One reading of a project's source, in a process of its own: `node session-child.mjs PROJECT`. Prints sites and problems.
import process from 'node:process';
import { createReader } from '../src/facts/reader.ts';
import { absolutePath } from '../src/model/path.ts';
import { findAuthSites } from '../src/session/sites.ts';

const { sites, problems } = await findAuthSites(createReader(), absolutePath(process.argv[2] ?? '.'));
console.log(
  JSON.stringify({ sites: sites.length, problems: problems.length, peakMiB: process.resourceUsage().maxRSS / 1024 }),
);
