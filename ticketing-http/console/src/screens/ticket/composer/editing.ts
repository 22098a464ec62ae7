/** What the buttons above the text do to it. */

export type Mark = 'bold' | 'italic' | 'code' | 'list' | 'link' | 'quote';

export interface Edit {
  /** What is replaced. */
  from: number;
  to: number;
  insert: string;
  /** What is selected then. */
  select: [number, number];
}

const AROUND = { bold: '**', italic: '_', code: '`' } as const;
const BEFORE = { list: '- ', quote: '> ' } as const;

export function mark(text: string, start: number, end: number, as: Mark): Edit {
  if (as === 'link') return link(text, start, end);
  if (as === 'list' || as === 'quote') return lines(text, start, end, BEFORE[as]);
  const chosen = text.slice(start, end);
  if (as === 'code' && chosen.includes('\n')) return fence(chosen, start, end);
  return around(text, start, end, AROUND[as]);
}

/** Puts signs around what is chosen, or takes them off again. */
function around(text: string, start: number, end: number, signs: string): Edit {
  const n = signs.length;
  const chosen = text.slice(start, end);
  if (text.slice(start - n, start) === signs && text.slice(end, end + n) === signs)
    return { from: start - n, to: end + n, insert: chosen, select: [start - n, end - n] };
  return { from: start, to: end, insert: signs + chosen + signs, select: [start + n, end + n] };
}

function fence(chosen: string, start: number, end: number): Edit {
  const insert = `\`\`\`\n${chosen.replace(/\n$/, '')}\n\`\`\``;
  return { from: start, to: end, insert, select: [start + 4, start + insert.length - 4] };
}

/** Puts a sign before each line that is chosen, or takes it off where all have it. */
function lines(text: string, start: number, end: number, sign: string): Edit {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const next = text.indexOf('\n', Math.max(end, from));
  const to = next < 0 ? text.length : next;
  const chosen = text.slice(from, to).split('\n');
  const have = chosen.every((line) => line.startsWith(sign));
  const insert = chosen.map((line) => (have ? line.slice(sign.length) : sign + line)).join('\n');
  return { from, to, insert, select: [from + insert.length, from + insert.length] };
}

function link(text: string, start: number, end: number): Edit {
  const chosen = text.slice(start, end);
  const isAddress = /^https?:\/\/\S+$/.test(chosen);
  const [words, address] = isAddress ? ['', chosen] : [chosen, 'https://'];
  const insert = `[${words}](${address})`;
  const at = isAddress || words === '' ? start + 1 : start + words.length + 3;
  return { from: start, to: end, insert, select: [at, isAddress || words === '' ? at : at + address.length] };
}

/** What somebody said, as words that one answers to. */
export function quoted(text: string, line: string): string {
  const words = text
    .trim()
    .split('\n')
    .map((one) => `> ${one}`.trimEnd());
  return `${line}\n${words.join('\n')}\n\n`;
}

/** The name that is being written behind an `@`, and where it begins. */
export function mentionAt(text: string, caret: number): { from: number; wanted: string } | undefined {
  const found = /(?:^|[\s(])@([^\s@]{0,60})$/.exec(text.slice(0, caret));
  const wanted = found?.[1];
  return wanted === undefined ? undefined : { from: caret - wanted.length - 1, wanted };
}
