/** What all forms of the builder share. */
import { createContext, useCallback, useContext, useEffect, useState } from 'react';
import type { Speech } from './model/describe';
import { errorsAt, type Draft, type Edit, type FieldError } from './model/draft';

export interface Editing {
  draft: Draft;
  step: (edit: Edit) => void;
  /** What the server says is wrong with what is being written. */
  errors: readonly FieldError[];
  /** Where each condition stands in the JSON, by its id. */
  places: ReadonlyMap<string, string>;
  speech: Speech;
  /** It is asked of tickets as they stand, and of whoever looks: of no change, and with words such as `me` and `now+4h`. */
  isStanding?: boolean;
  /** What is done is done by a person, of what a rule can do: nothing has happened that it could speak of. */
  isByHand?: boolean;
  /** Says whether what is typed at a place can't be read, so that what is saved would not be it. */
  markUnreadable: (place: string, isUnreadable: boolean) => void;
}

/** The place of the rule written as text. */
export const TEXT = 'text';

export const EditingContext = createContext<Editing | undefined>(undefined);

export function useEditing(): Editing {
  const editing = useContext(EditingContext);
  if (editing === undefined) throw new Error('nothing is being edited here');
  return editing;
}

/** What is wrong at exactly this place, or below it, in one text. */
export function useErrorAt(place: string): string | undefined {
  const { errors } = useEditing();
  const found = errorsAt(errors, place).map((error) => error.message);
  return found.length === 0 ? undefined : [...new Set(found)].join(' ');
}

/** At which places something can't be read, and how a form says so. */
export function useUnreadablePlaces(): [ReadonlySet<string>, Editing['markUnreadable']] {
  const [places, setPlaces] = useState<ReadonlySet<string>>(new Set());
  const mark = useCallback(
    (place: string, isUnreadable: boolean) =>
      setPlaces((old) => {
        if (old.has(place) === isUnreadable) return old;
        const others = [...old].filter((one) => one !== place);
        return new Set(isUnreadable ? [...others, place] : others);
      }),
    [],
  );
  return [places, mark];
}

/** Has nothing saved while what is typed at this place can't be read; what is shown no more is in nobody's way. */
export function useUnreadable(place: string): (isUnreadable: boolean) => void {
  const { markUnreadable } = useEditing();
  useEffect(() => () => markUnreadable(place, false), [markUnreadable, place]);
  return (isUnreadable) => markUnreadable(place, isUnreadable);
}
