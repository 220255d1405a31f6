import { visible } from './text.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Neither forbidden in XML nor unsafe for a terminal, but no character either. */
const NONCHARACTERS = /[\ufffe\uffff]/g;

/**
 * Text as XML content or attribute value. Control characters (most of which XML 1.0 cannot hold at all) stand spelled out; line feeds
 * stay, as references.
 */
export function xml(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      visible(line)
        .replace(NONCHARACTERS, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
        .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character),
    )
    .join('&#10;');
}
