/** People whose names begin as what stands behind an `@`. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, type KeyboardEvent } from 'react';
import { api, ok } from '../../../api/client';
import type { Schemas } from '../../../api/types';
import { useText } from '../../../text';
import { Avatar } from '../../../ui/avatar';
import { mentionAt } from './editing';
import styles from './mentions.module.css';
import { composerText } from './text';

type Mentionable = Schemas['Mentionable'];

/** How long one pauses before people are asked for. */
const PAUSE_MS = 150;

function useLater<T>(value: T): T {
  const [late, setLate] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLate(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return late;
}

export interface Mentions {
  isOpen: boolean;
  people: readonly Mentionable[];
  current: number;
  /** Where the caret is now. */
  look: (area: HTMLTextAreaElement) => void;
  /** Whether the key was for the list. */
  onKey: (event: KeyboardEvent<HTMLTextAreaElement>) => boolean;
  choose: (person: Mentionable) => void;
  close: () => void;
  setCurrent: (at: number) => void;
}

export function useMentions(number: string, put: (from: number, to: number, insert: string) => void): Mentions {
  const [place, setPlace] = useState<{ from: number; wanted: string }>();
  const [at, setAt] = useState(0);
  /** The `@` at which the list was sent away. */
  const [closedAt, setClosedAt] = useState<number>();
  const wanted = useLater(place?.wanted);
  const { data } = useQuery({
    queryKey: ['ticket', number, 'mentions', wanted?.toLowerCase()],
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/tickets/{ticket}/mentions', {
          params: { path: { ticket: number }, query: wanted === undefined || wanted === '' ? {} : { q: wanted } },
          signal,
        }),
      ),
    enabled: place !== undefined && wanted !== undefined,
    staleTime: 5 * 60_000,
    // The list does not blink while one types on.
    placeholderData: (before) => before,
  });
  const isOpen = place !== undefined && place.from !== closedAt && data !== undefined;
  const people = isOpen ? data.items : [];
  const current = Math.min(at, people.length - 1);

  const choose = (person: Mentionable) => {
    if (place === undefined) return;
    put(place.from, place.from + 1 + place.wanted.length, `@${person.email} `);
    setPlace(undefined);
  };
  return {
    isOpen,
    people,
    current,
    setCurrent: setAt,
    choose,
    close: () => setPlace(undefined),
    look: (area) => {
      const next = area.selectionStart === area.selectionEnd ? mentionAt(area.value, area.selectionStart) : undefined;
      if (next?.from !== place?.from || next?.wanted !== place?.wanted) {
        setPlace(next);
        setAt(0);
      }
      if (next === undefined) setClosedAt(undefined);
    },
    onKey: (event) => {
      if (!isOpen) return false;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === 'Escape') setClosedAt(place.from);
      else if (people.length === 0) return false;
      else if (step !== undefined) setAt((current + step + people.length) % people.length);
      else if (event.key === 'Enter' || event.key === 'Tab') {
        const person = people[current];
        if (event.ctrlKey || event.metaKey || person === undefined) return false;
        choose(person);
      } else return false;
      event.preventDefault();
      return true;
    },
  };
}

export function MentionList({ id, mentions }: { id: string; mentions: Mentions }) {
  const words = useText(composerText);
  const { isOpen, people, current } = mentions;
  return (
    <>
      <span className="visually-hidden" role="status">
        {isOpen && (people.length === 0 ? words.nobody : words.found(people.length))}
      </span>
      {isOpen && people.length > 0 && (
        <div id={id} role="listbox" aria-label={words.people} className={styles.list}>
          {people.map((person, at) => (
            <div
              key={person.id}
              id={`${id}-${at}`}
              role="option"
              aria-selected={at === current}
              className={styles.person}
              // The focus stays where one writes.
              onPointerDown={(event) => event.preventDefault()}
              onPointerMove={() => mentions.setCurrent(at)}
              onClick={() => mentions.choose(person)}
            >
              <Avatar name={person.name} size={22} />
              <span className={styles.name} dir="auto">
                {person.name}
              </span>
              <span className={styles.email}>{person.email}</span>
              <span className={styles.role}>{words.roles[person.role]}</span>
            </div>
          ))}
        </div>
      )}
    </>
  );
}
