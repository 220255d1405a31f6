import type { AuthSite, BrowserOptions, Strategy } from '../model/auth-site.ts';
import type { Expression } from '../model/expression.ts';
import { type AbsolutePath, absolutePath } from '../model/path.ts';
import type { Reader } from '../model/reader.ts';
import { browserOptions, NO_BROWSER_OPTIONS } from './browser-options.ts';
import { clientIdKind, dataPathKind } from './classify.ts';
import { clientOptions } from './client-options.ts';
import { compiledDirectory } from './compiled.ts';
import { TEST_FILE } from './evaluate/callers.ts';
import { constructorOf, superCall, superCallFrames } from './evaluate/classes.ts';
import { createOwnEnvironment } from './evaluate/environment.ts';
import { createEvaluator, type Evaluator } from './evaluate/evaluator.ts';
import { type EvaluationContext, environmentOf, evaluateExpression } from './evaluate/run.ts';
import type { ClassValue, Frames, Step, Value } from './evaluate/value.ts';
import { createExplorer, type Explorer } from './explore.ts';
import { mapExpression } from './map-expression.ts';
import { sessionDirectory } from './session-directory.ts';
import type { SourceModule } from './source/module.ts';
import { bare, type CallNode, isClass, isFunction, type Node } from './source/syntax.ts';
import { openSource, type SourceTree } from './source/tree.ts';

/** What was found in the source of a project. */
export interface AuthSites {
  readonly sites: readonly AuthSite[];
  /** What could not be looked at or understood, in plain words. */
  readonly problems: readonly string[];
  /** Variables that the sites' paths and ids name: a `.env` file that sets them matters. */
  readonly env: readonly string[];
  /** Package roots (relative to the project) that depend on the library or hold a site. */
  readonly botPackages: readonly string[];
}

const STRATEGIES: Readonly<Record<string, Strategy>> = {
  LocalAuth: 'LocalAuth',
  RemoteAuth: 'RemoteAuth',
  NoAuth: 'NoAuth',
  LegacySessionAuth: 'custom',
  BaseAuthStrategy: 'custom',
};

const EXAMPLE_FILE = /(^|\/)(examples?|samples?|demos?|docs?|documentation|tutorials?)\//i;

/** `server.bkp.js`, `client_old.ts`, `bot copy.js`: what somebody kept beside the file that runs. */
const LEFTOVER_FILE = /(?:[._-]|\s)(?:bkp|bak|backup|old|copy|orig|deprecated|unused)\.[cm]?[jt]sx?$/i;

function roleOf(file: string): AuthSite['role'] {
  if (TEST_FILE.test(file)) return 'test';
  return EXAMPLE_FILE.test(file) || LEFTOVER_FILE.test(file) ? 'example' : 'bot';
}

/** A stand-in for the project's place when paths are worked out relative to it; deep, so that `../..` stays below it. */
const OUTSIDE = '/\u0001';
const PROJECT = `${OUTSIDE}/\u0001/\u0001/\u0001/\u0001/\u0001/project`;

/** Every place below `root` that builds an auth strategy (or a client without one). Nothing is executed; never throws. */
export async function findAuthSites(reader: Reader, root: AbsolutePath): Promise<AuthSites> {
  const opened = await openSource(reader, root);
  if (!opened.ok) return { sites: [], problems: [opened.reason], env: [], botPackages: [] };
  return findSites(opened.tree);
}

/** The same over a source tree that is already open. */
export function findSites(tree: SourceTree): AuthSites {
  const evaluator = createEvaluator(tree);
  const explorer = createExplorer(evaluator);
  const finder = createFinder(evaluator, explorer);
  const sites = finder.sites();
  const withLibrary = [...tree.manifests.values()].filter(({ libraries }) => libraries.size > 0);
  const botPackages = [
    ...new Set([...withLibrary.map(({ directory }) => directory), ...sites.map((site) => site.packageRoot)]),
  ];
  const env = sites.flatMap(({ dataPath, clientId, browser }) => [
    ...environmentOf(dataPath.tree),
    ...environmentOf(clientId.tree),
    ...(browser.userDataDir === null ? [] : environmentOf(browser.userDataDir)),
  ]);
  return { sites, problems: [...tree.problems], env: [...new Set(env)].sort(), botPackages: botPackages.sort() };
}

/** What a class of the project comes from in the library: `Client`, `LocalAuth`, …; `null`: from nothing there. */
function libraryName(value: Value): string | null {
  if (value.kind !== 'package' || !value.library) return null;
  const names = value.steps.map((step) => (step.kind === 'get' ? step.name : '()'));
  return names.length === 1 ? (names[0] ?? null) : null;
}

interface Made {
  /** `Client`, `LocalAuth`, … */
  readonly name: string;
  /** The class of the project in between, `null` for the library's own. */
  readonly via: ClassValue | null;
}

function madeBy(evaluator: Evaluator, callee: Value, depth = 0): Made | null {
  if (depth > 8) return null;
  const name = libraryName(callee);
  if (name !== null) return { name, via: null };
  if (callee.kind !== 'class' || callee.node.superClass === null) return null;
  const parent = madeBy(evaluator, evaluator.value(callee.module, callee.node.superClass, callee.frames), depth + 1);
  return parent === null ? null : { name: parent.name, via: callee };
}

interface Question {
  readonly module: SourceModule;
  readonly node: CallNode;
  /** The first argument of the library's own constructor. */
  options(frames: Frames): Value | null;
  readonly strategy: Strategy;
}

function createFinder(evaluator: Evaluator, explorer: Explorer): { sites(): AuthSite[] } {
  const { tree } = evaluator;
  /** Browser options by the node of the strategy they go with. */
  const browsers = new Map<Node, BrowserOptions>();

  const environment = createOwnEnvironment(evaluator);

  const relevant = (): SourceModule[] => {
    const modules = new Map<string, SourceModule>();
    for (const file of tree.libraryFiles()) {
      const module = tree.load(file);
      if (module !== null) modules.set(file, module);
    }
    // Modules that hand on the library, or a class made from it, are used where the library is not named.
    for (const module of [...modules.values()]) {
      if (!handsOn(module)) continue;
      for (const importer of explorer.callers.importersOf(module.file)) modules.set(importer.file, importer);
    }
    return [...modules.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
  };

  const handsOn = (module: SourceModule): boolean => {
    const isLibrary = (specifier: string): boolean => {
      const target = tree.resolve(module.file, specifier);
      return target.kind === 'package' && target.library;
    };
    if (module.starExports.some(isLibrary)) return true;
    for (const [name, exported] of module.exports) {
      if (exported.kind === 'from') {
        if (isLibrary(exported.specifier)) return true;
        continue;
      }
      evaluator.begin();
      const value = evaluator.exported(module.file, name === '=' ? 'default' : name);
      const values = value.kind === 'object' ? [...value.props.values()].map((thunk) => thunk()) : [value];
      if (
        values.some(
          (one) => (one.kind === 'package' && one.library && one.steps.length <= 1) || madeBy(evaluator, one) !== null,
        )
      ) {
        return true;
      }
    }
    return false;
  };

  /** The options that reach the library's constructor from a `new` of `made`. */
  const optionsOf =
    (module: SourceModule, node: CallNode, made: Made) =>
    (frames: Frames): Value | null => {
      const given = evaluator.args(module, node, frames);
      if (made.via === null) return given.args[0]?.() ?? (given.open ? null : UNSET);
      return throughClasses(
        made.via,
        superCallFrames(evaluator, { ...made.via, frames }, given),
        given.args[0]?.() ?? UNSET,
      );
    };

  /** What the outermost `super(…)` hands to the library. */
  const throughClasses = (cls: ClassValue, frames: Frames, first: Value): Value | null => {
    let options = first;
    let at: Value = cls;
    for (let depth = 0; depth < 8 && at.kind === 'class'; depth++) {
      const maker = constructorOf(at.node);
      if (maker !== null) {
        const call = superCall(at.module, maker);
        if (call === null) return null;
        const passed = evaluator.args(at.module, call, frames);
        options = passed.args[0]?.() ?? UNSET;
      }
      if (at.node.superClass === null) break;
      at = evaluator.value(at.module, at.node.superClass, at.frames);
    }
    return options;
  };

  const sites = (): AuthSite[] => {
    const modules = relevant();
    const strategies: Question[] = [];
    const clients: (Omit<Question, 'strategy'> & { readonly implicit: boolean })[] = [];
    for (const module of modules) {
      for (const node of module.calls) {
        const callee = bare(node.callee);
        if (callee.type === 'Super') {
          const cls = module.classAround(node);
          if (cls?.superClass == null) continue;
          evaluator.begin();
          if (libraryName(evaluator.value(module, cls.superClass)) !== 'Client') continue;
          const made: Made = { name: 'Client', via: null };
          clients.push({ module, node, options: optionsOf(module, node, made), implicit: false });
          continue;
        }
        if (node.type !== 'NewExpression') continue;
        evaluator.begin();
        const made = madeBy(evaluator, evaluator.value(module, callee));
        if (made === null) continue;
        const strategy = Object.hasOwn(STRATEGIES, made.name) ? STRATEGIES[made.name] : undefined;
        if (strategy !== undefined) {
          strategies.push({ module, node, options: optionsOf(module, node, made), strategy });
        } else if (made.name === 'Client' && (made.via === null || !hasConstructor(made.via))) {
          clients.push({ module, node, options: optionsOf(module, node, made), implicit: made.via !== null });
        }
      }
    }
    const found: AuthSite[] = [];
    let unresolved = 0;
    for (const client of clients) {
      const without = attach(client);
      if (without === 'unresolved') unresolved++;
      else found.push(...without.map((browser) => buildSite(client.module, client.node, 'NoAuth', UNSET, browser)));
    }
    for (const question of strategies) found.push(...strategySites(question));
    if (found.length === 0 && unresolved > 0) {
      const client = clients[0];
      if (client !== undefined) found.push(buildSite(client.module, client.node, 'custom', UNSET, NO_BROWSER_OPTIONS));
    }
    return dedupe(found).sort(
      (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column,
    );
  };

  const hasConstructor = (cls: ClassValue): boolean => {
    let at: Value = cls;
    for (let depth = 0; depth < 8 && at.kind === 'class'; depth++) {
      if (constructorOf(at.node) !== null) return true;
      if (at.node.superClass === null) return false;
      at = evaluator.value(at.module, at.node.superClass, at.frames);
    }
    return false;
  };

  /**
   * Note the browser options of a client with the strategies that it is given. Returns the options of the ways in which it has no
   * strategy at all, or `unresolved`.
   */
  const attach = (client: Omit<Question, 'strategy'>): BrowserOptions[] | 'unresolved' => {
    const without: BrowserOptions[] = [];
    let resolved = false;
    explorer.alternatives((frames) => {
      const options = client.options(frames);
      if (options === null) return;
      const leaves = leavesOf(options);
      for (const leaf of leaves) {
        // A variable that is filled on other ways only.
        if (leaves.length > 1 && leaf.kind === 'scalar') continue;
        if (leaf.kind === 'scalar' && leaf.expr.kind !== 'undefined' && leaf.expr.kind !== 'literal') continue;
        const strategy = evaluator.get(leaf, 'authStrategy');
        const client = clientOptions(evaluator, leaf);
        const browser = {
          ...browserOptions(evaluator, evaluator.get(leaf, 'puppeteer')),
          ...(client === undefined ? {} : { client }),
        };
        for (const one of leavesOf(strategy)) {
          const node = nodeOf(one);
          if (node !== null) {
            if (!browsers.has(node)) browsers.set(node, browser);
            resolved = true;
          } else if (
            one.kind === 'scalar' &&
            (one.expr.kind === 'undefined' || (one.expr.kind === 'literal' && !one.expr.value))
          ) {
            // A branch that has no strategy while another has one is a strategy that is chosen elsewhere.
            if (leavesOf(strategy).length === 1) {
              without.push(browser);
              resolved = true;
            }
          }
        }
      }
    });
    return resolved ? without : 'unresolved';
  };

  /** The `new` that made a strategy. */
  const nodeOf = (value: Value): Node | null => {
    if (value.kind === 'instance') return value.node;
    if (value.kind !== 'package' || !value.library) return null;
    const made = value.steps.find(
      (step): step is Extract<Step, { kind: 'call' }> => step.kind === 'call' && step.isNew,
    );
    return made?.node ?? null;
  };

  const strategySites = ({ module, node, options, strategy }: Question): AuthSite[] =>
    explorer.alternatives((frames) => {
      const given = options(frames);
      return buildSite(module, node, strategy, given, browsers.get(node) ?? NO_BROWSER_OPTIONS);
    });

  let listeners: readonly string[] | null = null;
  /** What RemoteAuth is given beside its directory, and whether somebody hears that it has saved. */
  const remoteAuthOf = (options: Value | null, packageRoot: string): NonNullable<AuthSite['remoteAuth']> => {
    const given = (name: string): 'given' | 'missing' | 'unknown' => {
      if (options === null) return 'unknown';
      const value = evaluator.get(options, name);
      if (value.kind !== 'scalar') return value.kind === 'branch' ? 'unknown' : 'given';
      if (value.expr.kind === 'undefined') return 'missing';
      return value.expr.kind === 'literal' ? 'given' : 'unknown';
    };
    listeners ??= tree.filesHolding(['remote_session_saved', 'REMOTE_SESSION_SAVED']);
    return {
      store: given('store'),
      interval: given('backupSyncIntervalMs'),
      savedListener: listeners.some((file) => packageRootOf(tree, file) === packageRoot),
    };
  };

  const compiledRoots = new Map<string, { from: string; to: string } | null>();
  const compiledOf = (packageRoot: string) => {
    const known = compiledRoots.get(packageRoot);
    if (known !== undefined) return known;
    const found = compiledDirectory(tree, packageRoot);
    compiledRoots.set(packageRoot, found);
    return found;
  };

  const buildSite = (
    module: SourceModule,
    node: CallNode,
    strategy: Strategy,
    options: Value | null,
    browser: BrowserOptions,
  ): AuthSite => {
    const { file } = module;
    const packageRoot = packageRootOf(tree, file);
    const relocate = (expr: Expression): Expression => relocateFiles(environment.apply(expr), packageRoot);
    const part = (name: string): { tree: Expression; text: string | null } => {
      if (options === null)
        return { tree: { kind: 'unknown', text: '', reason: 'its options could not be seen' }, text: null };
      const expr = relocate(evaluator.expression(evaluator.get(options, name)));
      return { tree: expr, text: expr.kind === 'undefined' ? null : sourceText(module, node, name) };
    };
    const profile = strategy === 'NoAuth' && browser.userDataDir !== null ? relocate(browser.userDataDir) : null;
    // Without a strategy puppeteer's own directory is the data path.
    const dataPath = profile === null ? part('dataPath') : { tree: profile, text: 'puppeteer.userDataDir' };
    const clientId = part('clientId');
    const interval = options === null ? null : evaluator.expression(evaluator.get(options, 'backupSyncIntervalMs'));
    const own: BrowserOptions = {
      ...browser,
      userDataDir: browser.userDataDir === null ? null : relocate(browser.userDataDir),
      executablePath: browser.executablePath === null ? null : relocate(browser.executablePath),
      remote: browser.remote === null ? null : relocate(browser.remote),
      ...(browser.client === undefined
        ? {}
        : {
            client: Object.fromEntries(
              Object.entries(browser.client).map(([name, expression]) => [name, relocate(expression)]),
            ),
          }),
    };
    const bareId = evaluateExpression(clientId.tree, { ...unsetContext(packageRoot), prefer: 'dynamic' });
    const unstable = bareId.unstable !== null && !isPerRequest(module, node);
    const idKind = clientIdKind(clientId.tree, unstable);
    const barePath = evaluateExpression(dataPath.tree, { ...unsetContext(packageRoot), prefer: 'default' });
    const parts = {
      strategy,
      dataPath: {
        kind: dataPathKind(dataPath.tree),
        expression: dataPath.text,
        env: environmentOf(dataPath.tree),
        value: plainPath(barePath.unknown === null ? barePath.value : null, packageRoot),
        tree: dataPath.tree,
      },
      clientId: {
        kind: idKind,
        value:
          bareId.unknown === null && bareId.dynamic.length === 0 && bareId.value != null ? String(bareId.value) : null,
        expression: clientId.text,
        tree: clientId.tree,
      },
      browser: own,
    };
    const { userDataDir } = sessionDirectory(parts, unsetContext(packageRoot));
    return {
      file,
      ...module.position(node.start),
      packageRoot,
      ...parts,
      backupSyncIntervalMs: interval?.kind === 'literal' && typeof interval.value === 'number' ? interval.value : null,
      ...(strategy === 'RemoteAuth' ? { remoteAuth: remoteAuthOf(options, packageRoot) } : {}),
      ...runsOf(module, node),
      userDataDir: userDataDir === null ? null : projectPath(userDataDir),
      compiled: /\.[cm]?tsx?$/.test(file) ? compiledOf(packageRoot) : null,
      role: roleOf(file),
    };
  };

  return { sites };
}

const UNSET: Value = { kind: 'scalar', expr: { kind: 'undefined' } };

/** The ends of a choice. */
function leavesOf(value: Value, depth = 0): Value[] {
  if (value.kind !== 'branch' || depth > 6) return [value];
  return [...leavesOf(value.truthy(), depth + 1), ...leavesOf(value.falsy(), depth + 1)];
}

/** The text of one option where it is written at the call itself. */
function sourceText(module: SourceModule, node: CallNode, name: string): string | null {
  const [first] = node.arguments;
  if (first?.type === 'ObjectExpression') {
    for (const property of first.properties) {
      if (property.type === 'Property' && property.key.type === 'Identifier' && property.key.name === name) {
        return module.text(property.value);
      }
    }
  }
  return first === undefined ? null : module.text(first);
}

function packageRootOf(tree: SourceTree, file: string): string {
  const nearest = tree.packageOf(file);
  for (let at = nearest; ; ) {
    if ((tree.manifests.get(at)?.libraries.size ?? 0) > 0) return at;
    if (at === '') return nearest;
    at = at.includes('/') ? tree.packageOf(at) : '';
  }
}

/** File names relative to the package root instead of to the project. */
function relocateFiles(expr: Expression, packageRoot: string): Expression {
  if (packageRoot === '') return expr;
  return mapExpression(expr, (one) => {
    if (one.kind !== 'dirname' && one.kind !== 'filename') return one;
    if (one.file.startsWith(`${packageRoot}/`)) return { ...one, file: one.file.slice(packageRoot.length + 1) };
    return {
      ...one,
      file: `${packageRoot
        .split('/')
        .map(() => '..')
        .join('/')}/${one.file}`,
    };
  });
}

/** No variable set, started in the package root. */
function unsetContext(packageRoot: string): Omit<EvaluationContext, 'prefer'> {
  const at = absolutePath(`${PROJECT}/${packageRoot}`);
  return {
    env: {},
    envHidden: null,
    cwd: at,
    packageAt: at,
    home: absolutePath('/root'),
    tmpdir: absolutePath('/tmp'),
    arguments: null,
    compiled: null,
  };
}

/** A path relative to the project where it lies inside. */
function projectPath(path: string): string {
  if (path === PROJECT) return '.';
  if (path.startsWith(`${PROJECT}/`)) return path.slice(PROJECT.length + 1);
  if (path !== OUTSIDE && !path.startsWith(`${OUTSIDE}/`)) return path;
  const from = PROJECT.split('/');
  const to = path.split('/');
  let same = 0;
  while (same < to.length && from[same] === to[same]) same++;
  return [...from.slice(same).map(() => '..'), ...to.slice(same)].join('/');
}

function plainPath(value: unknown, packageRoot: string): string | null {
  if (typeof value !== 'string' || value === '') return null;
  const at = packageRoot === '' ? PROJECT : `${PROJECT}/${packageRoot}`;
  if (value === at) return '.';
  return value.startsWith(`${at}/`) ? value.slice(at.length + 1) : projectPath(value);
}

/** Methods that call what they are given for each element. */
const EACH = new Set(['forEach', 'map', 'flatMap']);

/** Does the place run at every start, once or for each element of a list? */
function runsOf(module: SourceModule, node: Node): Pick<AuthSite, 'runs'> {
  let runs: 'once' | 'repeated' = 'once';
  for (let at = module.parent(node); at !== null; at = module.parent(at)) {
    if (isFunction(at)) {
      const call = module.parent(at);
      if (call?.type !== 'CallExpression' || call.callee.type !== 'MemberExpression') return {};
      const { property } = call.callee;
      if (property.type !== 'Identifier' || !EACH.has(property.name)) return {};
      runs = 'repeated';
    } else if (/^(?:For|While|DoWhile)/.test(at.type)) runs = 'repeated';
    else if (/^(?:If|Switch|Conditional|Logical|Try|Catch)/.test(at.type) || isClass(at)) return {};
  }
  return { runs };
}

const ROUTES = new Set([
  'get',
  'post',
  'put',
  'patch',
  'delete',
  'all',
  'use',
  'on',
  'once',
  'command',
  'handle',
  'subscribe',
]);

/** Does the place run once for each request or event rather than once for each start? */
function isPerRequest(module: SourceModule, node: Node): boolean {
  for (let at = module.functionAround(node); at !== null; at = module.functionAround(at)) {
    const parent = module.parent(at);
    if (parent?.type === 'CallExpression' && isFunction(at) && parent.callee.type === 'MemberExpression') {
      const { property } = parent.callee;
      if (property.type === 'Identifier' && ROUTES.has(property.name)) return true;
    }
    const [first] = at.params;
    if (first?.type === 'Identifier' && /^_?(req|request|ctx|context|socket|interaction)$/i.test(first.name))
      return true;
  }
  return false;
}

function samePlace(a: AuthSite, b: AuthSite): boolean {
  return a.file === b.file && a.line === b.line && a.column === b.column;
}

/** Does the pattern of `general` (`session-<id>`) hold the directory of `special`? */
function covers(general: AuthSite, special: AuthSite): boolean {
  const { userDataDir: pattern } = general;
  const { userDataDir: path } = special;
  if (pattern === null || path === null || !pattern.includes('<') || path.includes('<')) return false;
  const [before = ''] = pattern.split('<', 1);
  const after = pattern.slice(pattern.lastIndexOf('>') + 1);
  return path.length > before.length + after.length && path.startsWith(before) && path.endsWith(after);
}

/** Ids that one place may be called with before they count as known at run time only: a list of accounts, not two bots. */
const FEW_IDS = 2;

/** A place that is called with a list of ids is one site, whose id the run knows. */
function merged(sites: readonly AuthSite[]): AuthSite[] {
  const places = new Map<string, AuthSite[]>();
  for (const site of sites) {
    const key = `${site.file}:${site.line}:${site.column}:${JSON.stringify(site.dataPath.value)}`;
    places.set(key, [...(places.get(key) ?? []), site]);
  }
  return [...places.values()].flatMap((group) => {
    const [first] = group;
    const literals = group.filter(({ clientId }) => clientId.kind === 'literal');
    if (first === undefined || literals.length <= FEW_IDS) return group;
    const text = first.clientId.expression ?? 'clientId';
    const tree: Expression = { kind: 'dynamic', text };
    const clientId: AuthSite['clientId'] = {
      kind: 'dynamic',
      value: null,
      expression: first.clientId.expression,
      tree,
    };
    const { userDataDir } = sessionDirectory({ ...first, clientId }, unsetContext(first.packageRoot));
    const general = { ...first, clientId, userDataDir: userDataDir === null ? null : projectPath(userDataDir) };
    return [general, ...group.filter((site) => site.clientId.kind !== 'literal')];
  });
}

/** One site for each place and directory: call sites that differ only in what the run supplies are one. */
function dedupe(sites: readonly AuthSite[]): AuthSite[] {
  const byKey = new Map<string, AuthSite>();
  for (const site of sites) {
    const shape = (site.userDataDir ?? `${site.dataPath.kind}`).replace(/<[^<>]*>/g, '<>');
    const key = `${site.file}:${site.line}:${site.column}:${shape}`;
    if (!byKey.has(key)) byKey.set(key, site);
  }
  let kept = merged([...byKey.values()]);
  // `session-<id>` says what `session-default` says, for every id.
  kept = kept.filter((site) => !kept.some((other) => other !== site && samePlace(site, other) && covers(other, site)));
  // A way that could not be resolved says nothing where another could.
  return kept.filter(
    (site) =>
      site.userDataDir !== null ||
      site.strategy === 'NoAuth' ||
      !kept.some(
        (other) =>
          other !== site &&
          other.file === site.file &&
          other.line === site.line &&
          other.column === site.column &&
          other.userDataDir !== null,
      ),
  );
}
