import type { Host } from './host.ts';
export async function scripts(_a: unknown, _flags: unknown, _host: Host): Promise<number> {
  return 0;
}
