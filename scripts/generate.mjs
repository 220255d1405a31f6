// Writes everything that is made from metadata: the pages of the checks, the schemas, the man page, the tables of options in the README.
// With --check nothing is written and stale files fail.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const { checks, explainMarkdown, schemaDocuments } = await import('../dist/index.js');
const { manual, optionsOf } = await import('../dist/docs.js');
const stale = [];
const checkOnly = process.argv.includes('--check');

function put(path, text) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  if (checkOnly) stale.push(path);
  else writeFileSync(path, text);
}

/** Small text files of a fixture tree, as a fenced list. */
function filesOf(directory, base = directory) {
  return readdirSync(directory)
    .sort()
    .flatMap((name) => {
      const path = join(directory, name);
      if (statSync(path).isDirectory()) return filesOf(path, base);
      return [path.slice(base.length + 1)];
    });
}

const SHOWN = /\.(json|js|ts|mjs|cjs|yml|yaml|conf|service|toml|sh|env|gitignore|dockerignore)$|Dockerfile|Procfile/;

function example(code) {
  return ['bad', 'good']
    .map((kind) => {
      const folder = `test/fixtures/checks/${code}/${kind}`;
      if (!existsSync(folder)) return '';
      const parts = filesOf(folder)
        .filter(
          (file) => SHOWN.test(file) && !file.startsWith('root/proc/') && statSync(join(folder, file)).size < 3000,
        )
        .map(
          (file) =>
            `\`${file.replace(/^root/, '')}\`\n\n\`\`\`\n${readFileSync(join(folder, file), 'utf8').trimEnd()}\n\`\`\``,
        );
      const title = kind === 'bad' ? 'This is reported:' : 'This is not:';
      return parts.length === 0 ? '' : [title, ...parts].join('\n\n');
    })
    .filter((part) => part !== '')
    .join('\n\n');
}

mkdirSync('docs/checks', { recursive: true });
mkdirSync('schema', { recursive: true });
for (const check of checks)
  put(`docs/checks/${check.code}.md`, `${explainMarkdown(check, example(check.code)).trimEnd()}\n`);
const index = checks.map(
  ({ code, name, severity, what }) => `| [${code}](${code}.md) | ${name} | ${severity} | ${what} |`,
);
put(
  'docs/checks/README.md',
  `# Checks\n\n| code | name | severity | what it finds |\n|---|---|---|---|\n${index.join('\n')}\n`,
);
for (const [name, schema] of Object.entries(schemaDocuments(checks)))
  put(`schema/${name}.json`, `${JSON.stringify(schema, null, 2)}\n`);

mkdirSync('man', { recursive: true });
put('man/wa-doctor.1', manual);
const readme = readFileSync('README.md', 'utf8');
put(
  'README.md',
  readme.replace(/(<!-- options of ([a-z-]+) -->\n)[\s\S]*?(<!-- end of options -->)/g, (whole, begin, name, end) =>
    optionsOf(name) === null ? whole : `${begin}\n${optionsOf(name)}\n${end}`,
  ),
);

if (stale.length > 0) {
  console.error(`Stale generated files (run: npm run generate):\n  ${stale.join('\n  ')}`);
  process.exit(1);
}
