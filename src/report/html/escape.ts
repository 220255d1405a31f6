import { visible } from '../text.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML or SVG content or as a quoted attribute; what could hide or reorder is spelled out. */
export function html(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** A path or a piece of code, which may break anywhere. */
export function code(text: string): string {
  return `<code>${html(text)}</code>`;
}

/** At most `room` characters: the end of a path says more than its beginning. */
export function clipStart(text: string, room: number): string {
  const characters = [...visible(text)];
  return characters.length <= room
    ? characters.join('')
    : `…${characters.slice(characters.length - room + 1).join('')}`;
}

/** At most `room` characters of the beginning. */
export function clipEnd(text: string, room: number): string {
  const characters = [...visible(text)];
  return characters.length <= room ? characters.join('') : `${characters.slice(0, room - 1).join('')}…`;
}
