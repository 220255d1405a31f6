import type { Answer } from '../model/answer.ts';
import type { AccessFact } from '../model/facts.ts';
import type { Launch } from '../model/launch.ts';
import { type AbsolutePath, absolutePath } from '../model/path.ts';
import type { FileStatus } from '../model/reader.ts';
import { defineFact } from './graph.ts';
import type { Machine } from './machine.ts';
import { isVisible, nearestExisting } from './storage.ts';

/** The user that runs the bot, as far as it can be told. */
interface BotUser {
  readonly name: string;
  readonly uid: number | null;
  readonly gids: readonly number[] | null;
  readonly evidence: string;
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** `name:x:uid:gid:…` lines of /etc/passwd (passwd(5)). */
function readAccounts(machine: Machine): Map<string, Account> {
  const accounts = new Map<string, Account>([['root', { uid: 0, gid: 0 }]]);
  const text = machine.reader.text(absolutePath('/etc/passwd'), 1024 * 1024);
  for (const line of text.ok ? text.value.split('\n') : []) {
    const [name, , uid, gid] = line.split(':');
    if (name && uid !== undefined && /^\d+$/.test(uid)) accounts.set(name, { uid: Number(uid), gid: Number(gid) });
  }
  return accounts;
}

/** `1000`, `1000:1000`, `node`, `node:node`. */
function userOf(text: string, accounts: Map<string, Account>, evidence: string): BotUser {
  const [name = '', group] = text.split(':');
  if (/^\d+$/.test(name)) {
    const gid = group !== undefined && /^\d+$/.test(group) ? Number(group) : null;
    return { name: text, uid: Number(name), gids: gid === null ? null : [gid], evidence };
  }
  const account = accounts.get(name);
  return { name, uid: account?.uid ?? null, gids: account === undefined ? null : [account.gid], evidence };
}

function botUsers(machine: Machine, launches: readonly Launch[]): BotUser[] {
  const accounts = readAccounts(machine);
  const users = launches
    .filter(({ user, mounts, kind }) => user !== null && (mounts === null || kind === 'process'))
    .map(({ user, id }) => userOf(user ?? '', accounts, `${id} runs as ${user}`));
  // A tree without /etc/passwd says nothing of its users: names are then no evidence.
  const named = users.filter(({ uid }) => uid !== null || accounts.size > 1);
  if (named.length > 0) return named;
  const { USER: name } = machine.env;
  if (machine.live || name === undefined || (name !== 'root' && accounts.size === 1)) return [];
  return [userOf(name, accounts, `USER=${name} in ${machine.envOrigin}`)];
}

/** Permission bits for one user: owner, group or others (path_resolution(7)); root passes. `w` and `x` are both needed to make files. */
function mayWrite(status: FileStatus, { uid, gids }: BotUser): Answer {
  if (uid === null) return 'unknown';
  if (uid === 0) return true;
  const bits = (mode: number) => (mode & 3) === 3;
  if (status.uid === uid) return bits(status.mode >> 6);
  if (gids === null && bits(status.mode >> 3) !== bits(status.mode)) return 'unknown';
  return bits(gids?.includes(status.gid) === true ? status.mode >> 3 : status.mode);
}

function judge(machine: Machine, path: AbsolutePath, users: readonly BotUser[]): AccessFact['sessions'][number] {
  const looked = nearestExisting(machine, path);
  const exists = looked === path || machine.reader.status(path).ok;
  const status = machine.reader.status(looked);
  if (!status.ok) {
    return {
      path,
      looked,
      exists,
      mode: null,
      uid: null,
      gid: null,
      writable: 'unknown',
      reason: status.failure.reason,
    };
  }
  const { mode, uid, gid } = status.value;
  const row = { path, looked, exists, mode: mode.toString(8).padStart(4, '0'), uid, gid };
  const blocked = users.find((user) => mayWrite(status.value, user) === false);
  if (blocked !== undefined) {
    return {
      ...row,
      writable: false,
      reason: `user ${blocked.name} may not write to ${looked} (owner ${uid}:${gid}, mode ${row.mode})`,
    };
  }
  if (users.length > 0) {
    const unsure = users.find((user) => mayWrite(status.value, user) === 'unknown');
    if (unsure === undefined) return { ...row, writable: true, reason: `user ${users[0]?.name} may write there` };
    return { ...row, writable: 'unknown', reason: `the groups of user ${unsure.name} are not known` };
  }
  if (!machine.live) return { ...row, writable: true, reason: 'nothing forbids it to the owner' };
  const own = machine.reader.writable(looked);
  if (!own.ok) return { ...row, writable: 'unknown', reason: own.failure.reason };
  return {
    ...row,
    writable: own.value,
    reason: own.value
      ? 'the user that runs the doctor may write there'
      : 'the user that runs the doctor may not write there',
  };
}

/** Who runs the bot, and may that user write where the session goes? */
export const access = defineFact({
  name: 'access',
  needs: ['sessions', 'launches'],
  collect(machine, { sessions, launches }) {
    if (machine.target === 'repo') return { runsAsRoot: 'unknown', evidence: [], sessions: [] };
    const users = botUsers(machine, launches);
    const elsewhere = new Set(launches.filter((launch) => !isVisible(machine, launch)).map(({ id }) => id));
    const paths = sessions
      .filter(({ launch, userDataDir }) => userDataDir !== null && (launch === null || !elsewhere.has(launch)))
      .map(({ userDataDir }) => userDataDir)
      .filter((path) => path !== null);
    const roots = users.filter(({ uid }) => uid === 0);
    const runsAsRoot: Answer =
      roots.length > 0 ? true : users.length > 0 && users.every(({ uid }) => uid !== null) ? false : 'unknown';
    return {
      runsAsRoot,
      evidence: (roots.length > 0 ? roots : users).map(({ evidence }) => evidence),
      sessions: [...new Set(paths)].map((path) => judge(machine, path, users)),
    };
  },
});
