/** pm2's ecosystem files, read by parsing. */
import type { Pm2App } from './pm2-file.ts';

/** The applications of an ecosystem file. */
export async function pm2Apps(
  _text: string,
  _path: string,
  _environment: string | null,
): Promise<{ apps: readonly Pm2App[]; problems: readonly string[] }> {
  return { apps: [], problems: [] };
}
