/** What can be said of a ticket: undefined where this page does not know enough. */
export type Verdict = boolean | undefined;

export const not = (verdict: Verdict): Verdict => (verdict === undefined ? undefined : !verdict);

export function all(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(false)) return false;
  return verdicts.includes(undefined) ? undefined : true;
}

export const any = (verdicts: readonly Verdict[]): Verdict => not(all(verdicts.map(not)));
