import type { Host } from './host.ts';
export async function mounts(_a: unknown, _flags: unknown, _host: Host): Promise<number> {
  return 0;
}
