import { type AbsolutePath, absolutePath } from '../../model/path.ts';
import { buildModule } from '../../session/source/module.ts';
import { loadParser } from '../../session/source/parse.ts';
import type { SourceTree } from '../../session/source/tree.ts';
import type { AnalyseJavaScript, JavaScriptEffects, JavaScriptProgram } from '../effect.ts';
import { Tree } from '../shell/tree.ts';
import type { World } from '../world.ts';
import { Program, type Surroundings } from './program.ts';
import type { RunShell } from './tool-modules.ts';

/** Words without which no program deletes anything. */
export const DELETING =
  /\b(?:rm|rmSync|rmdir\w*|unlink\w*|remove\w*|empty[dD]ir\w*|rimraf\w*|del|delete(?:A?[sS]ync)\w*|rename\w*|move\w*|trash|premove|exec\w*|spawn\w*|fork|shelljs|logout|truncate\w*|writeFile\w*|cp\w*|copy\w*|zx|clean)\b|\$`/;
/** Files of one program that are searched for those words. */
const CLOSURE_LIMIT = 400;

export interface JavaScriptOptions {
  /** The world with stand-in profiles where the sessions are (see `plantSessions`). */
  readonly world: World;
  /** The project. */
  readonly root: AbsolutePath;
  readonly home?: AbsolutePath | null;
  /** Resolves aliases and workspaces; absent: only relative imports are followed. */
  readonly source?: SourceTree | null;
  /** Acts out the command lines that the program runs. */
  readonly shell?: RunShell | null;
}

/** Load the parser once; `null` surroundings carry the reason why programs cannot be read here. */
export async function surroundings(options: JavaScriptOptions): Promise<Surroundings | { readonly reason: string }> {
  const parser = await loadParser();
  if (!parser.ok) return { reason: parser.reason };
  return {
    world: options.world,
    root: options.root,
    home: options.home ?? null,
    parse: parser.parse,
    source: options.source ?? null,
    shell: options.shell ?? null,
    modules: new Map(),
  };
}

/**
 * What JavaScript programs delete: they are acted out on a model of the tree, with everything that is not known left open.
 * Nothing of them is executed. The returned function never throws.
 */
export async function javascriptAnalyser(options: JavaScriptOptions): Promise<AnalyseJavaScript> {
  const around = await surroundings(options);
  if ('reason' in around) return () => ({ effects: [], gaps: [around.reason] });
  const known = new Map<string, JavaScriptEffects>();
  return (program) => {
    const { source, args, cwd, env, via } = program;
    const key = JSON.stringify([source, args, cwd, [...env], via]);
    let effects = known.get(key);
    if (effects === undefined) {
      effects = javascriptEffects(program, around);
      if (known.size < 2_000) known.set(key, effects);
    }
    return effects;
  };
}

/** The effects of one program, as `node` would run it from its first line to its end. Handlers of events and routes do not run. */
export function javascriptEffects(program: JavaScriptProgram, around: Surroundings): JavaScriptEffects {
  try {
    return effectsOf(program, around);
  } catch (error) {
    return {
      effects: [],
      gaps: [`the program could not be read (${error instanceof Error ? error.message : String(error)})`],
    };
  }
}

function effectsOf(program: JavaScriptProgram, around: Surroundings): JavaScriptEffects {
  const acted = actOut(program, around);
  return 'gaps' in acted
    ? acted
    : { effects: acted.files.deeds.map(({ effect }) => effect), gaps: [...acted.machine.gaps] };
}

/** Act a program out and give back the model with all that has happened to it; or why there is nothing to act out. */
export function actOut(
  { source, args, cwd, env, via }: JavaScriptProgram,
  around: Surroundings,
): Program | JavaScriptEffects {
  const isFile = 'file' in source;
  const main = isFile ? source.file : absolutePath(`${cwd}/[eval]`);
  const program = new Program(around, new Tree(around.world), { cwd, env, args, main, via });
  const { machine } = program;
  let unit = null;
  if (isFile) {
    const file = program.existing(source.file);
    // A program that is not there deletes nothing (it is built later, or the script is broken).
    if (file === null) return { effects: [], gaps: [] };
    if (!mayDelete(program, file, around)) return { effects: [], gaps: [] };
    unit = program.unitOf(file);
    if (unit === null) {
      const text = around.world.text(file);
      return { effects: [], gaps: text !== null && DELETING.test(text.slice(0, 2_000_000)) ? [...machine.gaps] : [] };
    }
  } else {
    if (!DELETING.test(source.code.slice(0, 2_000_000)) && !/require|import/.test(source.code.slice(0, 2_000_000)))
      return { effects: [], gaps: [] };
    const parsed = around.parse('eval.js', source.code);
    if (!parsed.ok) return { effects: [], gaps: [`the program text ${parsed.reason.replace(/^it /, '')}`] };
    unit = program.addUnit(main, 'node -e', buildModule('node -e', source.code, parsed.program));
  }
  const started = unit;
  machine.isolated(() => program.evaluateUnit(started));
  machine.runLater(({ kind }) => kind === 'start' || kind === 'timer');
  return program;
}

/** Does a file, or one that it imports by a relative path, hold a word of a deletion? */
function mayDelete(program: Program, file: AbsolutePath, around: Surroundings): boolean {
  const seen = new Set<string>([file]);
  const queue = [file];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const text = around.world.text(at);
    if (text === null) continue;
    if (DELETING.test(text)) return true;
    if (seen.size > CLOSURE_LIMIT) return true;
    const directory = at.slice(0, at.lastIndexOf('/'));
    for (const [, specifier] of text.matchAll(/(?:from|import|require)\s*\(?\s*['"]([^'"\n]{1,300})['"]/g)) {
      if (specifier === undefined) continue;
      if (!specifier.startsWith('.')) {
        // An alias may lead anywhere in the project.
        if (/^[@~#]\/|^src\//.test(specifier)) return true;
        continue;
      }
      const next = program.existing(absolutePath(`${directory}/${specifier}`));
      if (next !== null && !seen.has(next)) {
        seen.add(next);
        queue.push(next);
      }
    }
  }
  return false;
}
