import type { AuthSite } from '../model/auth-site.ts';
import type { Expression } from '../model/expression.ts';
import {
  type Evaluation,
  type EvaluationContext,
  evaluateExpression,
  isPlaceholder,
  normalizePath,
} from './evaluate/run.ts';

/** `LocalAuth` and `RemoteAuth`: `path.resolve(dataPath || './.wwebjs_auth/')` (whatsapp-web.js 1.15 to 1.34.7). */
export const DEFAULT_DATA_PATH = './.wwebjs_auth/';

/** The client ids that the library accepts; others throw when the strategy is made. */
const CLIENT_ID = /^[-_\w]+$/i;

export interface SessionDirectory {
  /** Absolute, or `null`. Parts that only the run can tell stand as `<name>`. */
  readonly userDataDir: string | null;
  readonly unknown: string | null;
  readonly trail: readonly string[];
  readonly dependsOnCwd: boolean;
  readonly uncertain: string | null;
  /** Variables that decided and that this launch does not set. */
  readonly unset: readonly string[];
  readonly unstable: { readonly cause: string; readonly text: string } | null;
}

type SiteParts = Pick<AuthSite, 'strategy' | 'dataPath' | 'clientId' | 'browser'>;

function textOf({ value }: Evaluation): string | null {
  return value === undefined || value === null || value === false || value === '' ? null : String(value);
}

/** The profile directory of a site in one launch, by the library's own rules. */
export function sessionDirectory(site: SiteParts, context: Omit<EvaluationContext, 'prefer'>): SessionDirectory {
  if (site.strategy === 'NoAuth' || site.strategy === 'custom') return ownDirectory(site, context);
  const path = evaluateExpression(site.dataPath.tree, { ...context, prefer: 'default' });
  const id = evaluateExpression(site.clientId.tree, { ...context, prefer: 'dynamic' });
  const base = {
    dependsOnCwd: path.usesCwd,
    uncertain: path.uncertain ?? id.uncertain,
    unset: [...new Set([...path.unset, ...id.unset])],
    unstable: id.unstable ?? path.unstable,
  };
  const fail = (unknown: string, trail: readonly string[] = path.trail): SessionDirectory => ({
    ...base,
    userDataDir: null,
    unknown,
    trail,
  });
  if (path.unknown !== null) return fail(path.unknown);
  const written = textOf(path) ?? DEFAULT_DATA_PATH;
  const trail = [...path.trail];
  if (textOf(path) === null) trail.push(`no data path → the library's default "${DEFAULT_DATA_PATH}"`);
  if (isPlaceholder(written)) return fail(`${written} is known only at run time`, trail);
  let directory = normalizePath(written);
  let dependsOnCwd = path.usesCwd;
  if (!directory.startsWith('/')) {
    if (/^[A-Za-z]:[\\/]/.test(written)) return fail(`"${written}" is a path of Windows`, trail);
    dependsOnCwd = true;
    if (context.cwd === null)
      return { ...fail('the working directory is not fixed by this launch', trail), dependsOnCwd };
    trail.push(`relative → working directory ${context.cwd}`);
    directory = normalizePath(`${context.cwd}/${directory}`);
  }
  const prefix = site.strategy === 'RemoteAuth' ? 'RemoteAuth' : 'session';
  const clientId = id.unknown === null ? textOf(id) : site.clientId.kind === 'none' ? null : '<clientId>';
  if (clientId !== null && !clientId.includes('<') && !CLIENT_ID.test(clientId)) {
    return {
      ...fail(`the client id "${clientId}" is refused by the library (letters, digits, - and _ only)`, trail),
      dependsOnCwd,
    };
  }
  if (clientId !== null) trail.push(...id.trail.map((step) => `client id: ${step}`));
  const name = clientId === null ? prefix : `${prefix}-${clientId}`;
  return {
    ...base,
    dependsOnCwd,
    userDataDir: normalizePath(`${directory}/${name}`),
    unknown: null,
    trail: [...trail, `${site.strategy} appends ${name}`],
  };
}

/** Without a strategy of the library the profile is where puppeteer is told to put it. */
function ownDirectory({ strategy, browser }: SiteParts, context: Omit<EvaluationContext, 'prefer'>): SessionDirectory {
  const none = { dependsOnCwd: false, uncertain: null, unset: [], unstable: null, userDataDir: null };
  const tree: Expression = browser.userDataDir ?? { kind: 'undefined' };
  const path = evaluateExpression(tree, { ...context, prefer: 'default' });
  const base = { dependsOnCwd: path.usesCwd, uncertain: path.uncertain, unset: path.unset, unstable: path.unstable };
  if (path.unknown !== null) return { ...base, userDataDir: null, unknown: path.unknown, trail: path.trail };
  const written = textOf(path);
  if (written === null) {
    const reason =
      strategy === 'NoAuth'
        ? 'NoAuth keeps no session: Chromium makes a temporary profile at every start'
        : 'the strategy is not one of the library';
    return { ...none, unknown: reason, trail: path.trail };
  }
  if (isPlaceholder(written))
    return { ...base, userDataDir: null, unknown: `${written} is known only at run time`, trail: path.trail };
  if (written.startsWith('/')) {
    return {
      ...base,
      userDataDir: normalizePath(written),
      unknown: null,
      trail: [...path.trail, 'puppeteer.userDataDir'],
    };
  }
  if (context.cwd === null) {
    return {
      ...base,
      dependsOnCwd: true,
      userDataDir: null,
      unknown: 'the working directory is not fixed by this launch',
      trail: path.trail,
    };
  }
  return {
    ...base,
    dependsOnCwd: true,
    userDataDir: normalizePath(`${context.cwd}/${written}`),
    unknown: null,
    trail: [...path.trail, `relative → working directory ${context.cwd}`, 'puppeteer.userDataDir'],
  };
}
