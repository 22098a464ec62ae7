/** From choosing what to change to what became of it. */
import { useRef, useState } from 'react';
import type { Ticket } from '../../api/types';
import { useText } from '../../text';
import { toast } from '../../ui/toast';
import { planOf, undoOf, type Change, type Group } from './changes';
import type { Picked } from './picker';
import { changeText } from './text';
import { useChange, type Refusal } from './use-change';

const size = (groups: readonly Group[]) => groups.reduce((sum, group) => sum + group.tickets.length, 0);

/** `onRefused` gets the ids of those that were not changed, of several. */
export function usePick(targets: () => Ticket[], onRefused: (ids: string[]) => void) {
  const words = useText(changeText);
  const anchor = useRef<HTMLElement>(null);
  const [what, setWhat] = useState<Picked>();
  const [outcome, setOutcome] = useState<{ done: number; refused: readonly Refusal[] }>();
  const { mutate, isPending } = useChange();

  const send = (groups: readonly Group[], isUndo = false) => {
    mutate(groups, {
      onSuccess: ({ done, refused }) => {
        const count = size(done);
        const back = undoOf(done);
        if (count > 0 && !isUndo)
          toast(words.changed(count), { action: { label: words.undo, run: () => send(back, true) } });
        const [first] = refused;
        if (first === undefined) return;
        if (refused.length === 1 && count === 0) toast(first.why, { tone: 'error', lasts: 9_000 });
        else {
          setOutcome({ done: count, refused });
          onRefused(refused.map(({ ticket }) => ticket.id));
        }
      },
    });
  };
  return {
    what,
    anchor,
    outcome,
    isBusy: isPending,
    open: (next: Picked, at: HTMLElement | null) => {
      if (targets().length === 0) return;
      anchor.current = at;
      setWhat(next);
    },
    close: () => setWhat(undefined),
    forget: () => setOutcome(undefined),
    change: (change: Change) => {
      const groups = planOf(targets(), change);
      if (groups.length === 0) toast(words.nothing);
      else send(groups);
    },
  };
}
