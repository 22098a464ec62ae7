/** What somebody changes in a form, until it is saved. */
import { useEffect, useState } from 'react';
import { once } from '../../api/client';
import { Problem } from '../../api/problem';
import { toastError } from '../../ui/toast';
import { differing } from './differ';

export interface Draft<T extends object> {
  /** What is saved, with what was changed. */
  value: T;
  set: (patch: Partial<T>) => void;
  isDirty: boolean;
  isSaving: boolean;
  /** Whether somebody else has saved in between: nothing was written. */
  isStale: boolean;
  /** What is wrong with a field, and with what is inside of it. */
  error: (field: string) => string | undefined;
  /** What is wrong that belongs to no field of the form. */
  rest: string | undefined;
  submit: () => void;
  reset: () => void;
  /** Saves over what somebody else wrote; only what was changed here. */
  overwrite: () => void;
}

export interface Saving<T> {
  /** What was changed. */
  changes: Partial<T>;
  /** All of it. */
  value: T;
  /** The version that was there when the first thing was changed. */
  version: number;
  /** The same for the same content, so that what is sent twice happens once. */
  once: ReturnType<typeof once>;
}

interface Options<T> {
  saved: T;
  version: number;
  /** Sends it; what follows from it is done when it has ended well. */
  save: (what: Saving<T>) => Promise<void>;
  /** Looks up what is stored now, when it turned out to be newer. */
  refresh?: () => unknown;
  /** Hears whether there is something to lose. */
  onDirty?: (isDirty: boolean) => void;
}

/** What a problem says of a field, `imap`, and of what is inside of it, `imap.host` and `imap[0]`, by its rest. */
export function errorsOf(problem: Problem | undefined, field: string): string | undefined {
  const words = (problem?.body.errors ?? [])
    .filter((one) => one.field === field || one.field.startsWith(`${field}.`) || one.field.startsWith(`${field}[`))
    .map((one) => {
      const inside = one.field.slice(field.length).replace(/^\./, '');
      return inside === '' ? one.message : `${inside}: ${one.message}`;
    });
  return words.length === 0 ? undefined : words.join(' ');
}

/** What a problem says that no field of the form shows. */
export function restOf(problem: Problem | undefined, fields: readonly string[]): string | undefined {
  if (problem === undefined) return undefined;
  const errors = problem.body.errors ?? [];
  if (errors.length === 0) return problem.message;
  const words = errors
    .filter((one) => !fields.includes(one.field.split(/[.[]/)[0] ?? ''))
    .map((one) => `${one.field}: ${one.message}`);
  return words.length === 0 ? undefined : words.join(' ');
}

/** The same problem but for fields that are written anew; nothing where that was all. */
export function without(problem: Problem, fields: readonly string[]): Problem | undefined {
  const errors = problem.body.errors ?? [];
  const left = errors.filter((one) => !fields.includes(one.field.split(/[.[]/)[0] ?? ''));
  if (left.length === errors.length) return problem;
  return left.length === 0 ? undefined : new Problem(problem.status, { ...problem.body, errors: left });
}

export function useDraft<T extends object>({ saved, version, save, refresh, onDirty }: Options<T>): Draft<T> {
  const [edits, setEdits] = useState<{ values: Partial<T>; version: number }>({ values: {}, version });
  const [problem, setProblem] = useState<Problem>();
  const [isSaving, setSaving] = useState(false);
  const [sent, setSent] = useState<{ body: string; once: ReturnType<typeof once> }>();
  const changes = differing(saved, edits.values);
  const isDirty = Object.keys(changes).length > 0;
  const value = { ...saved, ...edits.values };
  useEffect(() => onDirty?.(isDirty), [isDirty, onDirty]);

  const send = (over: number) => {
    if (isSaving) return;
    const body = JSON.stringify(value);
    const mine = sent?.body === body ? sent : { body, once: once() };
    setSent(mine);
    setSaving(true);
    setProblem(undefined);
    save({ changes, value, version: over, once: mine.once })
      .then(() => setEdits({ values: {}, version }))
      .catch((error: unknown) => {
        if (!(error instanceof Problem) || error.status === 0) {
          toastError(error);
          return;
        }
        if (error.isStale) refresh?.();
        setProblem(error);
      })
      .finally(() => setSaving(false));
  };

  return {
    value,
    isDirty,
    isSaving,
    isStale: problem?.isStale === true,
    set: (patch) => {
      setEdits((now) => ({
        values: { ...now.values, ...patch },
        version: Object.keys(differing(saved, now.values)).length > 0 ? now.version : version,
      }));
      setProblem((now) => now && without(now, Object.keys(patch)));
    },
    error: (field) => errorsOf(problem, field),
    rest: problem?.isStale === true ? undefined : restOf(problem, Object.keys(saved)),
    submit: () => send(edits.version),
    reset: () => {
      setEdits({ values: {}, version });
      setProblem(undefined);
    },
    overwrite: () => send(version),
  };
}
