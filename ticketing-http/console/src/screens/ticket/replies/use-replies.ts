/** The list of answers and macros that a `/` opens, and what the keys do in it. */
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { Ticket } from '../../../api/types';
import { useRested } from '../../../ui/use-rested';
import { useMacros, useResponses } from './data';
import { slashAt, slashFor, together, type Found } from './slash';

/** How long one pauses before answers are asked for. */
const PAUSE_MS = 120;

interface Doing {
  /** Puts a text in place of another, in a way that the browser undoes. */
  put: (from: number, to: number, insert: string) => void;
  /** Puts what was chosen in place of what was typed to find it. */
  take: (found: Found, from: number, to: number) => void;
}

export interface Replies {
  isOpen: boolean;
  found: readonly Found[];
  /** Nothing is found, and nothing more is on its way. */
  isEmpty: boolean;
  wanted: string;
  current: number;
  /** Where the caret is now. */
  look: (area: HTMLTextAreaElement) => void;
  /** Whether the key was for the list. */
  onKey: (event: KeyboardEvent<HTMLTextAreaElement>) => boolean;
  choose: (found: Found) => void;
  /** Begins with a `/` where the caret is. */
  begin: (area: HTMLTextAreaElement) => void;
  close: () => void;
  setCurrent: (at: number) => void;
}

export function useReplies(ticket: Ticket, isStaff: boolean, doing: Doing): Replies {
  const [place, setPlace] = useState<{ from: number; wanted: string }>();
  const [at, setAt] = useState(0);
  /** The `/` at which the list was sent away. */
  const [closedAt, setClosedAt] = useState<number>();
  /** The `/` that a button has put there. */
  const begun = useRef<number>(undefined);
  /** The key that was pressed before anything was found. */
  const [entered, setEntered] = useState<string>();
  const isAsked = isStaff && place !== undefined && place.from !== closedAt;
  const wanted = useRested(place?.wanted, PAUSE_MS);
  const responses = useResponses(ticket, isAsked ? wanted?.trim() : undefined);
  const macros = useMacros(isAsked);
  const canDo = ticket.merged_into == null;
  const isSettled =
    isAsked && wanted === place.wanted && !responses.isFetching && !responses.isPlaceholderData && !macros.isLoading;
  const found = useMemo(
    () => (isAsked ? together(responses.data?.items ?? [], canDo ? (macros.data ?? []) : [], wanted ?? '') : []),
    [isAsked, responses.data, macros.data, canDo, wanted],
  );
  const current = Math.min(at, found.length - 1);

  const choose = (one: Found) => {
    if (place === undefined) return;
    setPlace(undefined);
    setEntered(undefined);
    doing.take(one, place.from, place.from + 1 + place.wanted.length);
  };
  // What was typed and entered at once is chosen when it is found.
  const enter = useRef<() => void>(undefined);
  useEffect(() => {
    enter.current = () => {
      const one = found[current];
      setEntered(undefined);
      if (one !== undefined) choose(one);
      else if (entered === 'Enter' && place !== undefined) {
        // It was no search, and the key is what it is elsewhere.
        const caret = place.from + 1 + place.wanted.length;
        doing.put(caret, caret, '\n');
      }
    };
  });
  useEffect(() => {
    if (entered === undefined || !isSettled) return;
    // Within React's own work what is put in could not be undone: the field would be set to what it was, and then anew.
    const timer = setTimeout(() => enter.current?.(), 0);
    return () => clearTimeout(timer);
  }, [entered, isSettled]);

  return {
    isOpen: isAsked && (found.length > 0 || (isSettled && place.wanted === '')),
    found,
    isEmpty: isSettled && found.length === 0,
    wanted: place?.wanted ?? '',
    current,
    setCurrent: setAt,
    choose,
    close: () => {
      setPlace(undefined);
      setEntered(undefined);
    },
    begin: (area) => {
      const caret = area.selectionStart;
      const slash = slashFor(area.value, caret);
      begun.current = caret + slash.length - 1;
      setClosedAt(undefined);
      doing.put(caret, area.selectionEnd, slash);
    },
    look: (area) => {
      const next = area.selectionStart === area.selectionEnd ? slashAt(area.value, area.selectionStart) : undefined;
      if (next?.from !== place?.from || next?.wanted !== place?.wanted) {
        setPlace(next);
        setAt(0);
        setEntered(undefined);
      }
      if (next === undefined) setClosedAt(undefined);
    },
    onKey: (event) => {
      if (!isAsked) return false;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === 'Escape') {
        setClosedAt(place.from);
        setEntered(undefined);
        // The button's own sign goes with the list; what somebody wrote stays.
        if (begun.current === place.from && place.wanted === '') doing.put(place.from, place.from + 1, '');
      } else if (event.key === 'Enter' || event.key === 'Tab') {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return false;
        if (isSettled && found.length === 0) return false;
        if (isSettled) enter.current?.();
        else setEntered(event.key);
      } else if (step !== undefined && found.length > 0) {
        setAt((current + step + found.length) % found.length);
      } else return false;
      event.preventDefault();
      return true;
    },
  };
}
