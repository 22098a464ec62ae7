/** What all forms of the builder share. */
import { createContext, useContext } from 'react';
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
}

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
