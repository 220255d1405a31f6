import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REPOSITORY, scrubbed } from '../support/doctor.ts';

/** The packed program, installed into an empty directory the ways that people do it. */
const NPMS = ['10', '11'] as const;
const INSTALLS: readonly (readonly string[])[] = [[], ['--omit=optional']];
const NODES = ['20', '22', '24'] as const;

const base = mkdtempSync(join(tmpdir(), 'wa-tarball-'));
const nodes = new Map<string, string>();
let tarball = '';

function run(command: string, args: readonly string[], cwd: string) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    timeout: 300_000,
    env: { ...scrubbed(), HOME: base, npm_config_cache: join(base, 'cache') },
  });
  return { status, stdout, stderr };
}

function must(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = run(command, args, cwd);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: exit ${status}\n${stderr}\n${stdout}`);
  return stdout;
}

beforeAll(() => {
  const told = must('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', base], REPOSITORY);
  tarball = join(base, (JSON.parse(told) as { filename: string }[])[0]?.filename ?? '');
  const place = join(base, 'nodes');
  mkdirSync(place);
  writeFileSync(join(place, 'package.json'), '{"private":true}');
  // The package `node` brings the binary of a Node version.
  must('npm', ['install', '--no-audit', '--no-fund', ...NODES.map((major) => `node${major}@npm:node@${major}`)], place);
  for (const major of NODES) {
    const binary = join(place, 'node_modules', `node${major}`, 'bin', 'node');
    if (!existsSync(binary)) throw new Error(`no Node ${major}: ${readdirSync(join(place, 'node_modules'))}`);
    nodes.set(major, binary);
  }
  cpSync(join(REPOSITORY, 'test/fixtures/founding'), join(base, 'founding'), { recursive: true });
}, 600_000);

afterAll(() => rmSync(base, { recursive: true, force: true }));

describe.each(NPMS)('npm %s', (npm) => {
  describe.each(INSTALLS.map((flags) => ({ flags })))('install $flags', ({ flags }) => {
    const place = join(base, `npm${npm}${flags.join('')}`);
    const full = flags.length === 0;

    beforeAll(() => {
      mkdirSync(place);
      writeFileSync(join(place, 'package.json'), '{"private":true}');
      must('npx', ['--yes', `npm@${npm}`, 'install', '--no-audit', '--no-fund', ...flags, tarball], place);
    }, 300_000);

    describe.each(NODES)('Node %s', (major) => {
      const founding = ['/app/whatsapp-service', '--root', join(base, 'founding/root')];
      const commands: readonly (readonly [readonly string[], number])[] = [
        [['--version'], 0],
        [['--help'], 0],
        [['mounts', '/'], 0],
        // Without the optional packages there is no source parser: what needs it is unknown, and said so.
        [['audit', ...founding], full ? 1 : 3],
        [['audit', ...founding, '--json'], full ? 1 : 3],
        [['path', ...founding], 0],
        [['scripts', ...founding], 0],
        [['inspect', '/app', '--root', join(base, 'founding/root')], 0],
        [['repair', join(base, 'nowhere')], 2],
        [['verify', join(base, 'nowhere'), '--yes'], 2],
        [['canary', '--no-browser', '--session', join(base, 'canary')], 0],
        [['config', ...founding], 0],
        [['explain', 'WA101'], 0],
        [['checks'], 0],
        [['completion', 'bash'], 0],
      ];
      test.each(commands)('wa-doctor %j exits %i', (args, code) => {
        const binary = join(place, 'node_modules/.bin/wa-doctor');
        const { status, stdout, stderr } = run(nodes.get(major) ?? '', [binary, ...args], base);
        expect({ status, stderr: status === code ? '' : `${stderr}\n${stdout.slice(0, 2000)}` }).toEqual({
          status: code,
          stderr: '',
        });
      });
    });
  });
});
