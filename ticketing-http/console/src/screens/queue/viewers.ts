/** Who else looks at the tickets that one sees in a list, without being told of as somebody who looks. */
import { useEffect, useState } from 'react';
import { useLive, watchViewers } from '../../api/live';
import { useMe } from '../../api/session';

export type Viewer = { id: string; name: string };
type Viewers = ReadonlyMap<string, readonly Viewer[]>;

const NOBODY: Viewers = new Map();
/** The desk tells of so many at once. */
const MOST = 100;
/** Who scrolls on is not told of what passes by. */
const PAUSE_MS = 250;

/** By ticket, those who look at it now. */
export function useViewers(ticketIds: readonly string[]): Viewers {
  const me = useMe();
  const [viewers, setViewers] = useState(NOBODY);
  useLive('viewers', ({ ticket_id, users }) => {
    const others = users.filter((user) => user.id !== me.id);
    setViewers((old) =>
      others.length === 0 ? without(old, (id) => id === ticket_id) : new Map(old).set(ticket_id, others),
    );
  });
  // They are told anew, but for those whom nobody looks at any more.
  useLive('reconnected', () => setViewers(NOBODY));
  const wanted = ticketIds.slice(0, MOST).join();
  useEffect(() => {
    const timer = setTimeout(() => {
      const ids = wanted === '' ? [] : wanted.split(',');
      // Of those that have gone out of sight nothing is heard: what is known of them grows old.
      setViewers((old) => without(old, (id) => !ids.includes(id)));
      watchViewers(ids);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  useEffect(() => () => watchViewers([]), []);
  return viewers;
}

function without(viewers: Viewers, isOut: (id: string) => boolean): Viewers {
  const kept = [...viewers].filter(([id]) => !isOut(id));
  return kept.length === viewers.size ? viewers : new Map(kept);
}
