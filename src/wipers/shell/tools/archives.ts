import type { Call, Ok, Tool } from '../shell.ts';
import { Entry } from '../tree.ts';

/** What an archive that a command made holds: names as stored, and a copy of each. */
type Members = readonly { readonly name: string; readonly entry: Entry }[];

/** By the archive's own entry, so that a moved archive keeps what it holds. */
const ARCHIVES = new WeakMap<Entry, Members>();

interface Plan {
  readonly mode: 'create' | 'extract' | null;
  readonly archive: string | null;
  readonly directory: string | null;
  readonly members: readonly string[];
  /** An option changes what goes in or comes out. */
  readonly special: boolean;
}

/** Letters of tar that take a value. */
const VALUED = 'fCTX';
const SPECIAL = /^--(?:exclude|strip-components|transform|wildcards|one-top-level|files-from|anchored|remove-files)/;

/** Read tar's command line in its three styles: `czf a.tgz x`, `-c -z -f a.tgz x`, `--create --file=a.tgz x`. */
function planOf(args: readonly string[]): Plan {
  let mode: Plan['mode'] = null;
  let archive: string | null = null;
  let directory: string | null = null;
  let special = false;
  const members: string[] = [];
  const take = (letter: string, value: string): void => {
    if (letter === 'f') archive = value;
    else if (letter === 'C') directory = value;
    else special = true;
  };
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg.startsWith('--')) {
      const [name = '', value] = arg.split(/=(.*)/s);
      if (name === '--create') mode = 'create';
      else if (name === '--extract' || name === '--get') mode = 'extract';
      else if (name === '--file' || name === '--directory') {
        if (value === undefined) at += 1;
        take(name === '--file' ? 'f' : 'C', value ?? args[at] ?? '');
      } else if (SPECIAL.test(arg)) special = true;
      continue;
    }
    const bundle = arg.startsWith('-') && arg.length > 1 ? arg.slice(1) : at === 0 ? arg : null;
    if (bundle === null) {
      members.push(arg);
      continue;
    }
    for (let index = 0; index < bundle.length; index += 1) {
      const letter = bundle.charAt(index);
      if (letter === 'c') mode = 'create';
      else if (letter === 'x') mode = 'extract';
      else if (VALUED.includes(letter)) {
        const rest = arg.startsWith('-') ? bundle.slice(index + 1) : '';
        if (rest === '') at += 1;
        take(letter, rest === '' ? (args[at] ?? '') : rest);
        if (rest !== '') break;
      }
    }
  }
  return { mode, archive, directory, members, special };
}

function create({ shell }: Call, plan: Plan, archive: string): Ok {
  const { run } = shell;
  const held: { name: string; entry: Entry }[] = [];
  let ok: Ok = true;
  for (const name of plan.members) {
    const { entry } = shell.find(plan.directory === null ? name : `${plan.directory}/${name}`);
    if (entry === null) ok = false;
    else held.push({ name, entry: run.tree.copy(entry) });
  }
  const found = shell.find(archive, true);
  if (found.entry?.kind === 'directory' || (found.entry === null && found.parent === null)) return false;
  const made = new Entry('file', null);
  if (found.parent !== null) run.tree.place(found.parent, found.name, made, run.doubt);
  if (!plan.special && run.doubt === null) ARCHIVES.set(made, held);
  return ok;
}

function extract({ shell }: Call, plan: Plan, archive: string): Ok {
  const { run } = shell;
  const { entry } = shell.find(archive, true);
  if (entry === null) return false;
  const members = ARCHIVES.get(entry);
  // An archive that is there already may hold anything; it takes nothing away.
  if (members === undefined || plan.special || plan.members.length > 0) return 'assumed';
  for (const { name, entry: stored } of members) {
    const path = plan.directory === null ? name : `${plan.directory}/${name}`;
    const clean = path.replace(/\/+$/, '');
    const above = clean.lastIndexOf('/');
    if (above > 0) run.tree.makeDirectories(shell.path(clean.slice(0, above)), run.doubt);
    const target = shell.find(clean);
    if (target.parent === null) return false;
    run.tree.place(target.parent, target.name, run.tree.copy(stored), run.doubt);
    run.touch(target.path);
  }
  return true;
}

/** `tar c…` and `tar x…`: what goes into an archive and comes out of it again within one script. */
export const tar: Tool = (call) => {
  const plan = planOf(call.args);
  const { archive } = plan;
  if (archive === null || archive === '-' || archive === '') return 'assumed';
  if (plan.mode === 'create') return create(call, plan, archive);
  return plan.mode === 'extract' ? extract(call, plan, archive) : 'assumed';
};
