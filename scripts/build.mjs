// Bundles our code with the small start-up dependencies into dist/, split per command, and collects their licence notices.
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const pkg = JSON.parse(readFileSync('package.json', 'utf8'));
/**
 * Pure JavaScript, so part of the bundle: one file instead of many. commander and chalk are loaded at every start, the parsers when
 * they are needed. Measured for the whole audit in docs/performance.md.
 */
const BUNDLED = [
  'commander',
  'chalk',
  'unbash',
  'ignore',
  'ini',
  'yaml',
  'smol-toml',
  'dotenv',
  'picomatch',
  'semver',
  'dockerfile-ast',
];
const external = [
  ...Object.keys(pkg.dependencies),
  ...Object.keys(pkg.optionalDependencies),
  ...Object.keys(pkg.peerDependencies ?? {}),
].filter((name) => !BUNDLED.includes(name));

/** A CommonJS package that is imported dynamically would have a default export only: give it the names that Node gives it. */
const namedExports = {
  name: 'named-exports',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^(${BUNDLED.join('|')})$`) }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, namespace: 'named' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'named' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter(
        (name) => name !== 'default' && /^[A-Za-z_$][\w$]*$/.test(name),
      );
      const lines = [`export { ${names.join(', ')} } from ${JSON.stringify(path)};`];
      if ('default' in (await import(path))) lines.push(`export { default } from ${JSON.stringify(path)};`);
      return { contents: lines.join('\n'), resolveDir: process.cwd() };
    });
  },
};

/** commander loads child_process for commands that are programs of their own; we have none, and it costs 10 ms of every start. */
const noChildProcess = {
  name: 'no-child-process',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[/\\]node_modules[/\\]commander[/\\]/.test(importer)
        ? { path: 'child_process', namespace: 'absent' }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'module.exports = {};' }));
  },
};

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  external: external.flatMap((name) => [name, `${name}/*`]),
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  plugins: [namedExports, noChildProcess],
};

// Built aside and moved into place, so that a test that runs meanwhile finds the old one or the new one.
const out = `.dist-${process.pid}`;
const result = await build({
  ...shared,
  entryPoints: {
    'wa-doctor': 'src/cli/start.ts',
    index: 'src/index.ts',
    'verify-run': 'src/verify/run/main.ts',
    docs: 'src/cli/docs.ts',
    ...(process.env.WA_DOCTOR_ENTRIES ? JSON.parse(process.env.WA_DOCTOR_ENTRIES) : {}),
  },
  outdir: out,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  // commander is CommonJS and requires Node's own modules.
  banner: { js: "import{createRequire as __wd}from'node:module';const require=__wd(import.meta.url);" },
});

// The guard runs inside of bots: a bundle of its own, as small as can be. What looks at the session is loaded only when it is asked.
await build({
  ...shared,
  entryPoints: { guard: 'src/guard/index.ts' },
  outdir: out,
  splitting: true,
  chunkNames: 'chunks/guard-[name]-[hash]',
  minify: true,
});

/** Every package of which something went into the bundle, the indirect ones too. */
const bundled = new Set(
  Object.keys(result.metafile.inputs)
    .map((input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1])
    .filter((name) => name !== undefined),
);
const notices = [...bundled].sort().map((name) => {
  const { version, license } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'));
  const file = readdirSync(`node_modules/${name}`).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? `${license} licence` : readFileSync(`node_modules/${name}/${file}`, 'utf8').trim();
  return `${name} ${version}\n\n${text}\n`;
});
writeFileSync(`${out}/THIRD-PARTY-NOTICES.txt`, notices.join('\n----\n\n'));
if (process.argv.includes('--meta')) writeFileSync(`${out}/meta.json`, JSON.stringify(result.metafile));
// Declarations take longer than everything else: only what is published needs them.
if (process.argv.includes('--types') || process.env.npm_lifecycle_event !== undefined) {
  const { writeTypes } = await import('./types.mjs');
  writeTypes(out);
}
rmSync('dist', { recursive: true, force: true });
renameSync(out, 'dist');
