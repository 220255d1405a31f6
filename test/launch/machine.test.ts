import { describe, expect, it } from 'vitest';
import { createReader } from '../../src/facts/reader.ts';
import { findMachineLaunches } from '../../src/launch/machine.ts';
import { absolutePath } from '../../src/model/path.ts';
import { fixture, scratch, write } from '../support/doctor.ts';

describe('services of the machine', () => {
  it('a supervisor program without a directory starts where supervisord runs', async () => {
    const reader = createReader({ root: fixture('founding/root') });
    const { launches, problems } = await findMachineLaunches(reader, absolutePath('/app/whatsapp-service'), ['']);
    expect(problems).toEqual([]);
    expect(launches).toMatchObject([
      {
        kind: 'supervisor',
        file: '/etc/supervisor/conf.d/whatsapp-service.conf',
        cwd: '/',
        user: 'root',
        packageRoot: '',
        entry: 'src/index.js',
        packageAt: '/app/whatsapp-service',
      },
    ]);
  });

  it('a systemd unit of another program is not the bot', async () => {
    const unit = (exec: string) => `[Service]\nWorkingDirectory=/srv/bot\nUser=bot\nExecStart=${exec}\n`;
    const root = write(scratch('units'), {
      'srv/bot/package.json': '{"dependencies":{"whatsapp-web.js":"*"}}',
      'srv/bot/index.js': '',
      'srv/web/index.js': '',
      'etc/systemd/system/bot.service': unit('/usr/bin/node index.js'),
      'etc/systemd/system/web.service': '[Service]\nWorkingDirectory=/srv/web\nExecStart=/usr/bin/node index.js\n',
    });
    const { launches } = await findMachineLaunches(createReader({ root }), absolutePath('/srv/bot'), ['']);
    expect(launches.map(({ id, cwd, entry }) => [id, cwd, entry])).toEqual([
      ['systemd:/etc/systemd/system/bot.service', '/srv/bot', 'index.js'],
    ]);
  });
});
