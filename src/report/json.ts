import { STEERING } from './text.ts';

/** JSON may hold these raw, a terminal may obey or hide them: escaped, which changes nothing for a program. */
const RAW = new RegExp(`[${STEERING}]`, 'gu');

function escaped(character: string): string {
  let text = '';
  for (let index = 0; index < character.length; index++)
    text += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  return text;
}

/** Exactly one JSON document and a final newline. */
export function jsonDocument(document: unknown): string {
  return `${JSON.stringify(document, null, 2).replace(RAW, escaped)}\n`;
}
