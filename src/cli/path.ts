import type { Host } from './host.ts';
export async function path(_a: unknown, _flags: unknown, _host: Host): Promise<number> {
  return 0;
}
