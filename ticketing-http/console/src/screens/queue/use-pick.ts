/** From choosing what to change to what became of it. */
import { useEffect, useRef, useState } from 'react';
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
  const { mutateAsync, isPending } = useChange();
  const isThere = useRef(false);
  useEffect(() => {
    isThere.current = true;
    return () => {
      isThere.current = false;
    };
  }, []);

  // Of several that are on their way each is heard of, also when one has left the list.
  const send = async (groups: readonly Group[], isUndo = false) => {
    const { done, refused } = await mutateAsync(groups);
    const count = size(done);
    const back = undoOf(done);
    if (count > 0 && !isUndo)
      toast(words.changed(count), { action: { label: words.undo, run: () => void send(back, true) } });
    tell(count, refused);
  };
  const tell = (count: number, refused: readonly Refusal[]) => {
    if (refused.length === 0) return;
    if (!isThere.current || (refused.length === 1 && count === 0)) {
      const some = refused.slice(0, 3).map(({ ticket, why }) => `${ticket.ticket_number}: ${why}`);
      toast(some.join(' ') + (refused.length > 3 ? ' …' : ''), { tone: 'error', lasts: 9_000 });
      return;
    }
    setOutcome((old) => ({ done: count + (old?.done ?? 0), refused: [...(old?.refused ?? []), ...refused] }));
    onRefused(refused.map(({ ticket }) => ticket.id));
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
    /** Says of which tickets something was refused that was done by another way. */
    tell,
    change: (change: Change) => {
      const groups = planOf(targets(), change);
      if (groups.length === 0) toast(words.nothing);
      else void send(groups);
    },
  };
}
