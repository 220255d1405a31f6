import { describe, expect, test } from 'vitest';
import { contextOf, platformOf } from '../../src/mounts/context.ts';
import { mountIndex } from '../../src/mounts/covering.ts';
import { durabilityOf } from '../../src/mounts/durability.ts';
import { NO_EVIDENCE } from '../../src/mounts/evidence.ts';
import { parseMountinfo } from '../../src/mounts/mountinfo.ts';
import { mountsTable } from '../../src/report/mounts.ts';
import { PLAIN } from '../../src/report/text.ts';
import { disk, docker, mountinfo, tmpfs } from './tables.ts';

describe('the table of wa-doctor mounts', () => {
  test('a container', () => {
    const lines = docker(disk('/data', '/dev/sda1', '/var/lib/docker/volumes/wa/_data'), tmpfs('/cache'));
    const context = contextOf(mountIndex(parseMountinfo(mountinfo(lines), 'test', 'file')), NO_EVIDENCE);
    const text = mountsTable(
      {
        platform: platformOf(context),
        paths: ['/app/.wwebjs_auth', '/data', '/cache'].map((path) => durabilityOf(context, path)),
        recommended: '/data/whatsapp-sessions',
      },
      { style: PLAIN, width: 100 },
    );
    expect(text).toMatchInlineSnapshot(`
      "Platform: docker
        docker: / has upperdir=/var/lib/docker/overlay2/abcdef0123456789abcdef01234567…

      path               mount   type     process  container  re-created  reboot  node loss  profile
      /app/.wwebjs_auth  /       overlay  yes      yes        no          yes     no         yes
        survives docker restart; lost at a new container (docker compose up after a change, docker rm and
        run)
        the container's writable layer: kept by stop and start, gone when the container is replaced
      /data              /data   ext4     yes      yes        yes         yes     no         yes
        survives a reboot of the host; lost at the loss of the host
        a named volume: kept when the container is removed and made again; it lives on this host only
      /cache             /cache  tmpfs    yes      no         no          no      no         risky
        survives a restart of the process; lost at docker restart
        memory of the container: gone when it stops
        this tmpfs is too small for a profile of some days

      Survives:
        process = a restart of the process
        container = docker restart
        re-created = a new container (docker compose up after a change, docker rm and run)
        reboot = a reboot of the host
        node loss = the loss of the host
        profile = fit for a Chromium profile

      Put the session in: /data/whatsapp-sessions
      "
    `);
  });

  test('many paths get one line each', () => {
    const context = contextOf(mountIndex(parseMountinfo(mountinfo(docker()), 'test', 'file')), NO_EVIDENCE);
    const paths = Array.from({ length: 40 }, (_, at) => durabilityOf(context, `/p${at}`));
    const text = mountsTable({ platform: platformOf(context), paths, recommended: null }, { style: PLAIN, width: 120 });
    expect(text.split('\n').filter((line) => line.startsWith('/p')).length).toBe(40);
    expect(text).toContain('lost when the container is replaced');
    expect(text).toContain('No mount here could be verified');
  });
});
