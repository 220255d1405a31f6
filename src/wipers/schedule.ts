import type { Automatic } from '../model/wiper.ts';
import type { FoundCommand } from './workflows/commands.ts';

const FILE_LIMIT = 256 * 1024;
const LINE_LIMIT = 2_000;

/** Commands of a crontab. `withUser`: the sixth field names a user (`/etc/crontab`, `/etc/cron.d`). */
export function crontabCommands(file: string, text: string, withUser: boolean): FoundCommand[] {
  const found: FoundCommand[] = [];
  for (const [index, raw] of text.slice(0, FILE_LIMIT).split(/\r?\n/).slice(0, LINE_LIMIT).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || /^[A-Za-z_]\w*\s*=/.test(line)) continue;
    const match = /^(@\w+|(?:[\d*,/\-A-Za-z?]+\s+){4}[\d*,/\-A-Za-z?]+)\s+(.+)$/.exec(line);
    if (match === null) continue;
    const [, when = '', rest = ''] = match;
    const command = withUser ? rest.replace(/^\S+\s+/, '') : rest;
    // A bare percent sign ends the command (crontab(5)).
    const end = /(?<!\\)%/.exec(command);
    found.push({
      file,
      line: index + 1,
      name: `cron ${when}`,
      command: (end === null ? command : command.slice(0, end.index)).replaceAll('\\%', '%'),
      automatic: 'schedule',
      language: 'shell',
      directory: '',
      machine: 'lasting',
    });
  }
  return found;
}

/** Lines of `tmpfiles.d` that remove: `R`, `r`, `D` at boot, and everything with an age when it is cleaned. */
export function tmpfilesCommands(file: string, text: string): FoundCommand[] {
  const found: FoundCommand[] = [];
  for (const [index, raw] of text.slice(0, FILE_LIMIT).split(/\r?\n/).slice(0, LINE_LIMIT).entries()) {
    const [type = '', path = '', , , , age = '-'] = raw.trim().split(/\s+/);
    if (!/^[A-Za-z][+!\-=~^$]*$/.test(type) || !path.startsWith('/')) continue;
    const letter = type.charAt(0);
    const base = {
      file,
      line: index + 1,
      name: `tmpfiles ${type} ${path}`,
      automatic: 'schedule' as const,
      language: 'shell' as const,
      directory: '',
      machine: 'lasting' as const,
      shown: raw.trim(),
    };
    const quoted = /^[\w./*?[\]{}-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
    if (letter === 'R')
      found.push({ ...base, command: `rm -rf ${quoted}`, note: 'systemd-tmpfiles removes it at every boot' });
    else if (letter === 'D' && type !== 'D-')
      found.push({
        ...base,
        command: `find ${quoted} -mindepth 1 -delete`,
        note: 'systemd-tmpfiles empties it at every boot',
      });
    else if (/^[dqQveC]$/.test(letter) && /\d/.test(age)) {
      found.push({
        ...base,
        command: `find ${quoted} -mindepth 1 -mtime +7 -delete`,
        note: `systemd-tmpfiles removes what was not used for ${age}`,
      });
    }
  }
  return found;
}

/** When the directives of a unit run. */
const UNIT: Readonly<Record<string, Automatic>> = {
  ExecStartPre: 'start',
  ExecStart: 'start',
  ExecStartPost: 'start',
  ExecReload: 'start',
  ExecStop: 'stop',
  ExecStopPost: 'stop',
};

/** Commands of a systemd unit, with their prefixes (`-`, `@`, `+`, `!`) taken off. */
export function unitCommands(file: string, text: string): FoundCommand[] {
  const found: FoundCommand[] = [];
  const joined = text.slice(0, FILE_LIMIT).replace(/\\\r?\n/g, '  ');
  for (const [index, raw] of joined.split(/\r?\n/).slice(0, LINE_LIMIT).entries()) {
    const match = /^\s*(Exec\w+)\s*=\s*[-@:+!]*(.+)$/.exec(raw);
    const [, name = '', command = ''] = match ?? [];
    const automatic = Object.hasOwn(UNIT, name) ? UNIT[name] : undefined;
    if (automatic === undefined) continue;
    found.push({
      file,
      line: index + 1,
      name,
      command,
      automatic,
      language: 'shell',
      directory: '',
      machine: 'lasting',
    });
  }
  return found;
}
