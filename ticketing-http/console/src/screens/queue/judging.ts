/** What is only needed once something happens is loaded then, or a little before. */
import { useState } from 'react';
import { useAhead } from '../../app/ahead';
import type { judge } from './judge';

export type Judge = typeof judge;

let known: Judge | undefined;

/** Does it with the judge: at once where it is there, and without one where it can't be had. */
export function withJudge(work: (judge: Judge | undefined) => void): void {
  if (known !== undefined) work(known);
  else void loadJudge().then(work, () => work(undefined));
}

export const loadJudge = () => import('./judge').then((module) => (known = module.judge));

export function useJudge(): Judge | undefined {
  const [judge, setJudge] = useState(() => known);
  useAhead(async () => {
    const loaded = await loadJudge();
    setJudge(() => loaded);
  });
  return judge;
}
