/**
 * systemd units. The `ini` package keeps only the last of several lines with one name; here each adds to the others and an empty one
 * takes them back (systemd.syntax(7)), so the few lines of reading are our own.
 */

const SIZE_LIMIT = 256 * 1024;

/** Settings by section and name, in order. */
export type Unit = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/** Read a unit and its drop-ins, laid over each other in order. `null`: not a unit. */
export function readUnit(texts: readonly string[]): Unit | null {
  const sections = new Map<string, Map<string, string[]>>();
  for (const text of texts) {
    if (text.length > SIZE_LIMIT || text.includes('\0')) return null;
    let section: Map<string, string[]> | null = null;
    const lines = text.replace(/\r/g, '').replace(/\\\n/g, ' ').split('\n');
    for (const line of lines) {
      const plain = line.trim();
      if (plain === '' || plain.startsWith('#') || plain.startsWith(';')) continue;
      const header = /^\[([^\]]+)\]$/.exec(plain);
      if (header !== null) {
        const name = header[1] ?? '';
        section = sections.get(name) ?? new Map();
        sections.set(name, section);
        continue;
      }
      const equals = plain.indexOf('=');
      if (section === null || equals <= 0) continue;
      const name = plain.slice(0, equals).trim();
      const value = plain.slice(equals + 1).trim();
      if (value === '') section.set(name, []);
      else section.set(name, [...(section.get(name) ?? []), value]);
    }
  }
  return sections.has('Service') ? sections : null;
}

/** The last value of a setting, or `null`. */
export function setting(unit: Unit, name: string): string | null {
  return unit.get('Service')?.get(name)?.at(-1) ?? null;
}

/** Every value of a setting. */
export function settings(unit: Unit, name: string): readonly string[] {
  return unit.get('Service')?.get(name) ?? [];
}

/** `yes`, `true`, `on`, `1`. */
export function isOn(value: string | null): boolean {
  return value !== null && /^(yes|true|on|1)$/i.test(value);
}
