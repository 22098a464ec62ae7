/** What was measured, in a line each. */
import { expect } from 'vitest';
import { size } from './desk';

/** What ran on a busy machine, without being made for speed, may take so many times as long. */
const SLACK = size(1, 20);

function quantile(samples: readonly number[], part: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? NaN;
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Says how long something took, and holds it to its goal. */
export function judge(what: string, samples: readonly number[], goal: number): void {
  const [median, p95] = [quantile(samples, 0.5), quantile(samples, 0.95)];
  const worst = Math.max(...samples);
  say(
    `${what}: median ${median.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, worst ${worst.toFixed(0)} ms of ${samples.length} (goal ${goal} ms)`,
  );
  expect.soft(p95, what).toBeLessThanOrEqual(goal * SLACK);
}

/** How much something grows with each step, by the line that fits best. */
export function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((all, one) => all + one, 0) / values.length;
  const [over, under] = values.reduce(
    ([above, below], value, at) => [above + (at - middle) * (value - mean), below + (at - middle) ** 2],
    [0, 0],
  );
  return over / under;
}
