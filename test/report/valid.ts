import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** Is a document of some format right? Each gives the reasons why not; none: it is. */

const SCHEMAS = resolve(import.meta.dirname, '../fixtures/schemas');

function jsonFaults(
  schema: object,
  ajv: Ajv = new Ajv({ strict: false, unicodeRegExp: false }),
): (text: string) => string[] {
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  return (text) => {
    if (!text.endsWith('\n') || text.endsWith('\n\n')) return ['no single final newline'];
    return validate(JSON.parse(text))
      ? []
      : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
  };
}

const schemaFile = (name: string) => JSON.parse(readFileSync(resolve(SCHEMAS, name), 'utf8'));

/** The schema is of draft 04, which ajv 8 does not know: its only difference here is how it names itself. */
const { $schema: _draft, id: _id, ...sarif } = schemaFile('sarif-2.1.0.json');
export const sarifFaults = jsonFaults(sarif);
export const gitlabFaults = jsonFaults(schemaFile('gitlab-codequality.json'));
export const reportFaults = jsonFaults(
  JSON.parse(readFileSync(resolve(import.meta.dirname, '../../schema/report@1.json'), 'utf8')),
  new Ajv2020({ strict: false }),
);

/** By `xmllint`, which must be installed. */
export function xmlFaults(text: string, schema: 'junit-jenkins.xsd' | 'checkstyle.xsd'): string[] {
  const { status, stderr } = spawnSync('xmllint', ['--noout', '--huge', '--schema', resolve(SCHEMAS, schema), '-'], {
    input: text,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return status === 0 ? [] : stderr.split('\n').slice(0, 5);
}

const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SAMPLE =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\n"])*"(?:,(?!\})|(?=\})))*)\})? (-?\d+(?:\.\d+)?|NaN|[+-]Inf)$/;

/** The grammar of the text format 0.0.4, and what the textfile collector adds: no time stamps, every series once. */
export function prometheusFaults(text: string): string[] {
  const faults: string[] = [];
  const types = new Map<string, string>();
  const helps = new Set<string>();
  const series = new Set<string>();
  const done = new Set<string>();
  let family = '';
  if (text !== '' && !text.endsWith('\n')) faults.push('no final newline');
  for (const [index, line] of text.split('\n').slice(0, -1).entries()) {
    const at = `line ${index + 1}: ${line}`;
    const meta = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line);
    if (meta !== null) {
      const [, kind, name = '', rest = ''] = meta;
      if (!METRIC.test(name)) faults.push(`${at}: bad name`);
      if (name !== family && done.has(name)) faults.push(`${at}: the family stands twice`);
      if (name !== family && family !== '') done.add(family);
      family = name;
      if (kind === 'TYPE') {
        if (types.has(name)) faults.push(`${at}: second TYPE`);
        if (!['gauge', 'counter', 'untyped', 'summary', 'histogram'].includes(rest)) faults.push(`${at}: bad type`);
        types.set(name, rest);
      } else {
        if (helps.has(name)) faults.push(`${at}: second HELP`);
        helps.add(name);
      }
      continue;
    }
    const sample = SAMPLE.exec(line);
    if (sample === null) {
      faults.push(`${at}: no sample`);
      continue;
    }
    const [, name = '', labels = ''] = sample;
    if (name !== family || !types.has(name) || !helps.has(name)) faults.push(`${at}: outside of its family`);
    const names = [...labels.matchAll(/([a-zA-Z_]\w*)="(?:[^"\\]|\\.)*"/g)].map(([, label]) => label);
    if (new Set(names).size !== names.length) faults.push(`${at}: a label twice`);
    if (series.has(`${name}{${labels}}`)) faults.push(`${at}: a series twice`);
    series.add(`${name}{${labels}}`);
  }
  return faults;
}
