import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { REPOSITORY } from './doctor.ts';

const validators = new Map<string, ValidateFunction>();

/** What is wrong with a document of this program, by the published schema that it names; none: nothing. */
export function schemaFaults(document: { readonly schema: string }): string[] {
  const name = document.schema.replace('wa-doctor/', '');
  let validate = validators.get(name);
  if (validate === undefined) {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv);
    validate = ajv.compile(JSON.parse(readFileSync(resolve(REPOSITORY, `schema/${name}.json`), 'utf8')));
    validators.set(name, validate);
  }
  return validate(document)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
