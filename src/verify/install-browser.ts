import { existsSync, readFileSync } from 'node:fs';

/** How a browser is installed on one kind of system. */
export interface InstallWay {
  readonly name: string;
  /** Commands in their order, each a program with arguments. */
  readonly commands: readonly (readonly string[])[];
  /** The package manager needs root. */
  readonly root: boolean;
}

/** What tells systems apart. */
export interface SystemFacts {
  /** `ID` and `ID_LIKE` of /etc/os-release. */
  readonly ids: readonly string[];
  readonly platform: NodeJS.Platform;
  readonly root: boolean;
}

const APT = ['apt-get', 'install', '-y', '--no-install-recommends'];
/** puppeteer's own download into ~/.cache/puppeteer, the version that it was tested with. */
const DOWNLOAD: InstallWay = {
  name: "puppeteer's own Chrome",
  commands: [['npx', 'puppeteer', 'browsers', 'install', 'chrome']],
  root: false,
};

/** Ubuntu's `chromium` package is a wrapper for a snap, which cannot use a profile in a hidden directory: Chrome with its libraries instead. */
const WAYS: readonly (readonly [id: string, way: InstallWay])[] = [
  [
    'ubuntu',
    { name: 'Chrome', commands: [['npx', 'puppeteer', 'browsers', 'install', 'chrome', '--install-deps']], root: true },
  ],
  [
    'debian',
    {
      name: 'Chromium',
      commands: [
        ['apt-get', 'update'],
        [...APT, 'chromium'],
      ],
      root: true,
    },
  ],
  ['alpine', { name: 'Chromium', commands: [['apk', 'add', '--no-cache', 'chromium']], root: true }],
  ['fedora', { name: 'Chromium', commands: [['dnf', 'install', '-y', 'chromium']], root: true }],
  ['arch', { name: 'Chromium', commands: [['pacman', '-S', '--noconfirm', 'chromium']], root: true }],
];

/** Pure: the way for a system. */
export function installWay({ ids, platform }: SystemFacts): InstallWay {
  if (platform !== 'linux') return DOWNLOAD;
  return ids.map((id) => WAYS.find(([known]) => known === id)?.[1]).find((way) => way !== undefined) ?? DOWNLOAD;
}

/** The one command line that a person types. */
export function commandLine(way: InstallWay, root: boolean): string {
  const prefix = way.root && !root ? 'sudo ' : '';
  return way.commands.map((words) => prefix + words.join(' ')).join(' && ');
}

function osIds(): string[] {
  try {
    const release = readFileSync('/etc/os-release', 'utf8');
    const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(release)?.[1]?.replaceAll('"', '') ?? '';
    return `${value('ID')} ${value('ID_LIKE')}`.split(' ').filter((id) => id !== '');
  } catch {
    return existsSync('/etc/alpine-release') ? ['alpine'] : [];
  }
}

/** This system. */
export function thisSystem(): SystemFacts {
  return { ids: osIds(), platform: process.platform, root: process.getuid?.() === 0 };
}

/** The one command that installs a browser on this system. */
export function installCommand(): string {
  const system = thisSystem();
  return commandLine(installWay(system), system.root);
}
