/** What a look at the past tells: lines as they come, and what they come to. */
import type { Schemas } from '../../../api/types';

export type Report = Schemas['Backtest'];

export interface Progress {
  at: string;
  changes: number;
  events: number;
  matched: number;
}

export type Told = { progress: Progress } | { problem: Partial<Schemas['Problem']> } | Report;

/** Lines of JSON from a stream of text in any pieces. */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Told> {
  const reader = stream.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    rest += value ?? '';
    const lines = rest.split('\n');
    rest = done ? '' : (lines.pop() ?? '');
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as Told;
    if (done) return;
  }
}

export interface Day {
  day: string;
  count: number;
}

/** How many moments each day has, from the first to the last of the stretch; days as the reader's clock has them. */
export function byDay(moments: readonly string[], from: string, to: string): Day[] {
  const dayOf = (at: Date) =>
    `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`;
  const counts = new Map<string, number>();
  const last = new Date(to);
  for (const at = new Date(from); at <= last; at.setDate(at.getDate() + 1)) counts.set(dayOf(at), 0);
  counts.set(dayOf(last), 0);
  for (const moment of moments) {
    const day = dayOf(new Date(moment));
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  return [...counts].map(([day, count]) => ({ day, count })).sort((a, b) => a.day.localeCompare(b.day));
}

/** How far a look at the past is, between 0 and 1. */
export function shareOf(at: string, from: string, to: string): number {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  return end <= start ? 1 : Math.min(1, Math.max(0, (Date.parse(at) - start) / (end - start)));
}
