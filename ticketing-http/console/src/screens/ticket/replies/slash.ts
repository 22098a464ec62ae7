/** What is typed behind a `/` to find an answer by, and which of what is found comes first. */
import type { Schemas } from '../../../api/types';
import { fold } from '../../../ui/combo-box';

export type Canned = Schemas['CannedResponse'];
export type Macro = Schemas['Macro'];

export type Found = { kind: 'response'; response: Canned } | { kind: 'macro'; macro: Macro };

/** What stands behind a `/` that begins a line or follows a space, up to the caret. */
export function slashAt(text: string, caret: number): { from: number; wanted: string } | undefined {
  const found = /(?:^|\s)\/((?:[^\s/][^\n/]{0,59})?)$/.exec(text.slice(0, caret));
  const wanted = found?.[1];
  return wanted === undefined ? undefined : { from: caret - wanted.length - 1, wanted };
}

/** What is put where a `/` is to begin something. */
export function slashFor(text: string, caret: number): string {
  return caret === 0 || /\s/.test(text.charAt(caret - 1)) ? '/' : ' /';
}

/** The lower, the better it fits: by what one types for it, by the beginning of a word, by anything else. */
function rank(name: string, shortcut: string | null, wanted: string): number {
  if (shortcut !== null && fold(shortcut).startsWith(wanted)) return 0;
  return fold(name)
    .split(/[^\p{L}\p{N}]+/u)
    .some((word) => word.startsWith(wanted))
    ? 1
    : 2;
}

/** How many macros are offered beside answers. */
const MOST_MACROS = 6;

/** Answers as the server ranks them, and macros by the same rules: those first of which one fits better. */
export function together(responses: readonly Canned[], macros: readonly Macro[], wanted: string): Found[] {
  const word = fold(wanted.trim());
  const answers = responses.map((response): Found => ({ kind: 'response', response }));
  const ranked = macros
    .map((macro) => ({ macro, rank: rank(macro.name, macro.shortcut, word) }))
    .filter((one) => word === '' || one.rank < 2 || fold(one.macro.name).includes(word))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST_MACROS);
  const does = ranked.map(({ macro }): Found => ({ kind: 'macro', macro }));
  const [first] = responses;
  const best = first === undefined ? 3 : rank(first.title, first.shortcut, word);
  return word !== '' && (ranked[0]?.rank ?? 3) < best ? [...does, ...answers] : [...answers, ...does];
}

const asked = (name: string) => `{{${name}}}`;

/** What is still to be filled in by hand: names of what stands in the text as a template asks for it. */
export function gapsIn(text: string, missing: readonly string[]): string[] {
  return missing.filter((name) => text.includes(asked(name)));
}

/** Where the first gap of a text is; of this name alone, where one is given. */
export function gapAt(text: string, missing: readonly string[], name?: string): [number, number] | undefined {
  const places = (name === undefined ? missing : [name])
    .map((one): [number, number] => [text.indexOf(asked(one)), asked(one).length])
    .filter(([at]) => at >= 0)
    .sort(([a], [b]) => a - b);
  const [at, length] = places[0] ?? [];
  return at === undefined || length === undefined ? undefined : [at, at + length];
}

/** A text in parts, in turn without and with a gap. */
export function byGaps(text: string, missing: readonly string[]): string[] {
  if (missing.length === 0) return [text];
  const names = missing.map((name) => asked(name).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return text.split(new RegExp(`(${names.join('|')})`));
}
