import { describe, expect, it } from 'vitest';
import { deployedOf } from '../../src/facts/deployed.ts';
import { UsageError } from '../../src/model/errors.ts';
import type { Launch, LaunchKind } from '../../src/model/launch.ts';

const launch = (id: string, kind: LaunchKind, file: string | null = null, more: Partial<Launch> = {}) =>
  ({ id, kind, file, ...more }) as Launch;
const ALL = [
  launch('npm:start', 'npm', 'package.json'),
  launch('compose:docker-compose.yml#bot', 'compose', 'docker-compose.yml'),
  launch('compose:docker-compose.yml#bot-staging', 'compose', 'docker-compose.yml'),
  launch('compose:deploy/compose.prod.yaml#app', 'compose', 'deploy/compose.prod.yaml'),
  launch('kubernetes:k8s/bot.yaml#Deployment/wa-bot', 'kubernetes', 'k8s/bot.yaml'),
  launch('systemd:deploy/whatsapp.service', 'systemd', 'deploy/whatsapp.service'),
  launch('pm2:ecosystem.config.js#sales@production', 'pm2', 'ecosystem.config.js'),
  launch('platform:fly.toml#app', 'platform', 'fly.toml', { platform: 'fly' }),
  launch('dockerfile:Dockerfile', 'dockerfile', 'Dockerfile'),
];
const chosen = (value: string, launches: readonly Launch[] = ALL) =>
  deployedOf(launches, { value, by: 'c.json:1:1' }).map(({ id }) => id);

describe('the words of people', () => {
  it.each([
    ['compose service bot', ['compose:docker-compose.yml#bot']],
    ['the Compose service bot-staging', ['compose:docker-compose.yml#bot-staging']],
    ['compose app', ['compose:deploy/compose.prod.yaml#app']],
    ['compose.prod', ['compose:deploy/compose.prod.yaml#app']],
    ['deploy/compose.prod.yaml', ['compose:deploy/compose.prod.yaml#app']],
    ['kubernetes deployment wa-bot', ['kubernetes:k8s/bot.yaml#Deployment/wa-bot']],
    ['systemd unit whatsapp', ['systemd:deploy/whatsapp.service']],
    ['whatsapp.service', ['systemd:deploy/whatsapp.service']],
    ['pm2 sales', ['pm2:ecosystem.config.js#sales@production']],
    ['fly', ['platform:fly.toml#app']],
    ['Dockerfile', ['dockerfile:Dockerfile']],
    ['npm start', ['npm:start']],
    ['compose:docker-compose.yml#bot', ['compose:docker-compose.yml#bot']],
    ['docker-compose.yml', ['compose:docker-compose.yml#bot', 'compose:docker-compose.yml#bot-staging']],
  ])('%s', (words, ids) => {
    expect(chosen(words)).toEqual(ids);
  });

  it.each(['compose service bo', 'the service', '', 'kubernetes bot2', 'pm2 bot-staging'])('"%s" is none', (words) => {
    expect(() => chosen(words)).toThrow(UsageError);
  });
});

it('names what there is', () => {
  expect(() => chosen('x', ALL.slice(0, 2))).toThrow(
    'c.json:1:1: no launch is called "x"; those found are npm:start, compose:docker-compose.yml#bot',
  );
  expect(() => chosen('x', [])).toThrow('no way of starting the bot was found here');
  expect(() => chosen('x')).toThrow(/and 1 more$/);
});

it('a process that runs is deployed already', () => {
  const running = launch('process:4711', 'process');
  expect(chosen('compose service bot', [...ALL, running])).toEqual(['compose:docker-compose.yml#bot', 'process:4711']);
  expect(chosen('not in this image', [running])).toEqual(['process:4711']);
});
