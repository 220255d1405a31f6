import { absolutePath, resolvePath } from '../../model/path.ts';
import type { Setting, Settings, SeverityOverride, Suppression } from '../../model/policy.ts';
import type { Place } from '../document/json.ts';
import type { ConfigFile } from './config-shape.ts';

const DEFAULT = 'default';

/** What holds where nobody says anything. */
export const DEFAULT_SETTINGS = {
  failOn: { value: 'error', by: DEFAULT },
  show: { value: 'info', by: DEFAULT },
  allowUnknown: { value: false, by: DEFAULT },
  allowNoBot: { value: false, by: DEFAULT },
  inlineIgnores: { value: true, by: DEFAULT },
} as const satisfies Settings;

/** All settings, with defaults where there are some. */
export type SettingsInForce = Settings & {
  readonly failOn: NonNullable<Settings['failOn']>;
  readonly show: NonNullable<Settings['show']>;
  readonly allowUnknown: NonNullable<Settings['allowUnknown']>;
  readonly allowNoBot: NonNullable<Settings['allowNoBot']>;
  readonly inlineIgnores: NonNullable<Settings['inlineIgnores']>;
  readonly severities: readonly SeverityOverride[];
  readonly suppressions: readonly Suppression[];
};

/** The settings of a config file, each with the place where it stands. @param file as it is to be called. @param project absolute. */
export function settingsOfConfig(config: ConfigFile, file: string, project: string): Settings {
  const at = ({ line, column }: Place) => `${file}:${line}:${column}`;
  const set = <const Name extends keyof ConfigFile, T>(name: Name, value: T | undefined) => {
    const place = config.places.get(name as string);
    return value === undefined || place === undefined ? {} : { [name]: { value, by: at(place) } as Setting<T> };
  };
  const deployPlace = config.deploy?.places.get('target') ?? config.at;
  const absolute = (path: string) => resolvePath(absolutePath(project), path);
  return {
    ...set('target', config.target),
    ...(config.deploy === undefined ? {} : { deploy: { value: config.deploy.target, by: at(deployPlace) } }),
    ...set('session', typeof config.session === 'string' ? [config.session] : config.session),
    ...set('platform', config.platform),
    ...set('failOn', config.failOn),
    ...set('show', config.show),
    ...set('only', config.only),
    ...set('skip', config.skip),
    ...set('baseline', config.baseline),
    ...set('allowUnknown', config.allowUnknown),
    ...set('allowNoBot', config.allowNoBot),
    ...set('inlineIgnores', config.inlineIgnores),
    severities: [...(config.severity ?? [])].map(([code, { value, at: place }]) => ({
      code,
      severity: value,
      by: at(place),
    })),
    suppressions: (config.suppressions ?? []).map(({ code, reason, until, path, session, fingerprint, at: place }) => ({
      code,
      reason,
      until: until ?? null,
      path: path ?? null,
      session: session === undefined ? null : absolute(session),
      fingerprint: fingerprint ?? null,
      by: at(place),
    })),
  };
}

/**
 * What is in force: flags win over the config file, the config file over the defaults.
 * A check that a flag selects runs even where the file skips it or turns it off.
 */
export function settingsInForce(flags: Settings, config: Settings): SettingsInForce {
  const merged = { ...DEFAULT_SETTINGS, ...config, ...flags };
  const asked = new Set(flags.only?.value ?? []);
  const byFlag = new Set(flags.severities?.map(({ code }) => code));
  const fromFile = (config.severities ?? []).filter(
    ({ code, severity }) => !byFlag.has(code) && !(severity === 'off' && asked.has(code)),
  );
  const { skip, ...rest } = merged;
  const skipped = skip === undefined || skip === flags.skip ? skip : without(skip, asked);
  return {
    ...rest,
    ...(skipped === undefined ? {} : { skip: skipped }),
    severities: [...fromFile, ...(flags.severities ?? [])],
    suppressions: config.suppressions ?? [],
  };
}

function without({ value, by }: Setting<readonly string[]>, asked: ReadonlySet<string>): Setting<readonly string[]> {
  return { value: value.filter((code) => !asked.has(code)), by };
}
