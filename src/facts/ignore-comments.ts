import type { IgnoreComment } from '../model/policy.ts';

const MARK = 'wa-doctor-ignore';
/** A file with more is not one that people accept findings in. */
const COMMENT_LIMIT = 1000;
const CODE_LIMIT = 20;

/** How comments begin, by the ending of the file; longest first. A block comment's inner lines begin with a star. */
const SLASHES = ['//', '/*', '*'] as const;
const HASHES = ['#', ';', '//'] as const;
const SLASH_FILES = /\.(?:[cm]?[jt]sx?|vue|svelte|json5|jsonc|gradle|groovy)$|(?:^|\/)Jenkinsfile$/;

function beginningsFor(file: string): readonly string[] {
  return SLASH_FILES.test(file) ? SLASHES : HASHES;
}

interface Found {
  /** Is there nothing but the comment on its line? */
  readonly alone: boolean;
  /** What stands behind the mark: `-next-line WA201 -- why`. */
  readonly rest: string;
}

function findIn(line: string, beginnings: readonly string[]): Found | null {
  const at = line.indexOf(MARK);
  if (at === -1) return null;
  const before = line.slice(0, at).trimEnd();
  const beginning = beginnings.find((one) => before.endsWith(one));
  if (beginning === undefined) return null;
  const code = before.slice(0, -beginning.length).trim();
  return { alone: code === '' || code === '/' || code === '/*', rest: line.slice(at + MARK.length) };
}

/** `WA201, WA202 until=2027-01-31 -- reason` in its parts. */
function partsOf(text: string): Pick<IgnoreComment, 'codes' | 'until' | 'reason' | 'problem'> {
  const clean = text.replace(/\*\/\s*$|-->\s*$/, '');
  const dashes = /(?:^|\s)--(?:\s|$)/.exec(clean);
  const head = dashes === null ? clean : clean.slice(0, dashes.index);
  const reason = dashes === null ? '' : clean.slice(dashes.index + dashes[0].length).trim();
  const codes: string[] = [];
  let until: string | null = null;
  let problem: string | null = null;
  for (const word of head.split(/[\s,]+/).filter((one) => one !== '')) {
    if (/^WA\d{3}$/i.test(word)) codes.push(word.toUpperCase());
    else if (/^until=\d{4}-\d{2}-\d{2}$/.test(word)) until = word.slice('until='.length);
    else problem ??= `"${word.slice(0, 40)}" is neither a check code nor until=YYYY-MM-DD`;
  }
  if (problem === null && until !== null && new Date(`${until}T00:00:00Z`).toJSON()?.slice(0, 10) !== until)
    problem = `there is no day ${until}`;
  if (problem === null && codes.length === 0) problem = 'it names no check';
  if (problem === null && codes.length > CODE_LIMIT) problem = `it names more than ${CODE_LIMIT} checks`;
  if (problem === null && reason === '') problem = `it gives no reason; write: ${MARK} ${codes[0]} -- why`;
  return { codes: codes.slice(0, CODE_LIMIT), until, reason: reason === '' ? null : reason, problem };
}

/**
 * The comments of a file that accept findings:
 *
 *     new LocalAuth(); // wa-doctor-ignore WA201 -- the unit file fixes the working directory
 *     # wa-doctor-ignore-next-line WA101 until=2027-01-31 -- staging only
 *     # wa-doctor-ignore-file WA305 -- never run against production
 *
 * A comment that is alone on its line is about the next line that is neither blank nor a comment of this kind. Linear in time.
 * @param file relative to the project; its ending says how comments begin.
 */
export function ignoreComments(file: string, text: string): IgnoreComment[] {
  if (!text.includes(MARK)) return [];
  const lines = text.split(/\r?\n/);
  const beginnings = beginningsFor(file);
  const found = new Map<number, Found>();
  for (const [index, line] of lines.entries()) {
    const comment = findIn(line, beginnings);
    if (comment !== null && found.size < COMMENT_LIMIT) found.set(index, comment);
  }
  /** By the line of a comment: the next line that is neither blank nor such a comment. From the end, so that each is seen once. */
  const nextLines = new Map<number, number>();
  for (let index = lines.length - 1, next = lines.length + 1; index >= 0; index--) {
    const comment = found.get(index);
    if (comment !== undefined) nextLines.set(index, next);
    if (comment?.alone !== true && lines[index]?.trim() !== '') next = index + 1;
  }
  return [...found].map(([index, { alone, rest }]): IgnoreComment => {
    const next = nextLines.get(index) ?? index + 2;
    const form = /^-[a-z-]*/.exec(rest)?.[0] ?? '';
    const parts = partsOf(rest.slice(form.length));
    const place = { file, line: index + 1 };
    if (form === '-file') return { ...place, lines: null, ...parts };
    if (form === '-next-line') return { ...place, lines: [next], ...parts };
    const own = { ...place, lines: alone ? [index + 1, next] : [index + 1], ...parts };
    if (form === '') return own;
    return { ...own, problem: `there is no "${MARK}${form}"; use ${MARK}, ${MARK}-next-line or ${MARK}-file` };
  });
}
