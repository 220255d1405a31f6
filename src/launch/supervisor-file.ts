/** Programs of a supervisord configuration. */
import { splitWords } from './words.ts';

const SIZE_LIMIT = 256 * 1024;

export interface SupervisorProgram {
  readonly name: string;
  readonly words: readonly string[];
  readonly directory: string | null;
  readonly env: ReadonlyMap<string, string>;
  readonly user: string | null;
  readonly stopSignal: string | null;
  readonly stopSeconds: number | null;
  readonly processes: number;
  /** Are the signals sent to the whole process group? */
  readonly stopAsGroup: boolean;
}

/** `KEY="value",OTHER='x'` as supervisord reads it. */
function environmentOf(text: string): Map<string, string> {
  const env = new Map<string, string>();
  for (const match of text.slice(0, 65_536).matchAll(/([A-Za-z_]\w*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^,\s]*))/g)) {
    env.set(match[1] ?? '', match[2] ?? match[3] ?? match[4] ?? '');
  }
  return env;
}

/** The `[program:…]` sections of a file; nothing when it is not such a file. */
export async function supervisorPrograms(text: string): Promise<readonly SupervisorProgram[]> {
  if (text.length > SIZE_LIMIT || !text.includes('[program:')) return [];
  const { parse } = await import('ini');
  // Lines that continue the one before are indented.
  const parsed: unknown = parse(text.replace(/\r/g, '').replace(/\n[ \t]+(?=\S)/g, ' '));
  const programs: SupervisorProgram[] = [];
  for (const [section, value] of Object.entries(parsed as Record<string, unknown>)) {
    if (!section.startsWith('program:') || typeof value !== 'object' || value === null) continue;
    const fields = value as Record<string, unknown>;
    const field = (name: string): string | null => {
      const found = fields[name];
      return typeof found === 'string'
        ? found
        : typeof found === 'boolean' || typeof found === 'number'
          ? String(found)
          : null;
    };
    const command = field('command');
    if (command === null) continue;
    const wait = field('stopwaitsecs');
    const count = field('numprocs');
    programs.push({
      name: section.slice('program:'.length),
      words: splitWords(command),
      directory: field('directory'),
      env: environmentOf(field('environment') ?? ''),
      user: field('user'),
      stopSignal: field('stopsignal'),
      stopSeconds: wait !== null && /^\d+$/.test(wait) ? Number(wait) : null,
      processes: count !== null && /^\d+$/.test(count) ? Number(count) : 1,
      stopAsGroup: field('stopasgroup') === 'true' || field('killasgroup') === 'true',
    });
  }
  return programs;
}
