/** Editing one thing: a draft of it, saving what differs, and what somebody else saved meanwhile. */
import { useState } from 'react';
import { Problem } from '../../api/problem';
import { toastError } from '../../ui/toast';
import { differing, isSame } from './differ';

export interface FormOptions<S extends { version: number }, D extends object, B extends object> {
  /** What the server has; nothing where a new one is made. */
  stored: S | undefined;
  /** What is edited of it; of nothing, what a new one begins with. */
  read: (stored: S | undefined) => D;
  /** What is sent of a draft, whole. */
  write: (draft: D) => B;
  create: (body: B) => Promise<S>;
  /** Changes these fields alone. */
  change: (part: Partial<B>, version: number) => Promise<S>;
  /** Asks for the newest. */
  load: () => Promise<S>;
  onSaved: (saved: S, isNew: boolean) => void;
  /** What is wrong already here, by field; nothing is sent then. */
  check?: (draft: D) => Record<string, string>;
}

export interface Form<D> {
  draft: D;
  set: (part: Partial<D>) => void;
  isNew: boolean;
  isDirty: boolean;
  isSaving: boolean;
  /** What is wrong with a field, such as `name` or `domains[0]`. */
  error: (field: string) => string | undefined;
  /** What is wrong with it or anything in it. */
  errorsIn: (field: string) => readonly { field: string; message: string }[];
  /** What is wrong and belongs to no field of the draft. */
  failure: string | undefined;
  /** How often saving failed: each time the first wrong field is gone to. */
  failures: number;
  save: () => void;
  discard: () => void;
  conflict: Conflict<D> | undefined;
}

export interface Conflict<D> {
  /** What the other changed. */
  fields: readonly (keyof D & string)[];
  takeTheirs: () => void;
  putMine: () => void;
  goOn: () => void;
}

type Wrong = readonly { field: string; message: string }[];

export function useForm<S extends { version: number }, D extends object, B extends object>(
  options: FormOptions<S, D, B>,
): Form<D> & {
  /** Goes on from what was stored by another way, with what is not saved yet. */
  rebase: (stored: S, draft: (old: D) => D) => void;
} {
  const { stored, read, write } = options;
  const [at, setAt] = useState(() => ({ stored, draft: read(stored) }));
  const [wrong, setWrong] = useState<Wrong>([]);
  const [failure, setFailure] = useState<string>();
  const [failures, setFailures] = useState(0);
  const [isSaving, setSaving] = useState(false);
  const [theirs, setTheirs] = useState<S>();
  const base = read(at.stored);
  const isDirty = !isSame(base, at.draft);
  const isNews = stored !== at.stored && (at.stored?.version ?? 0) <= (stored?.version ?? 0);
  if (isNews && !isDirty) setAt({ stored, draft: read(stored) });

  const refuse = (errors: Wrong, words: string | undefined) => {
    setWrong(errors);
    setFailure(words);
    setFailures((count) => count + 1);
  };
  const send = async (version: number | undefined) => {
    const sent = at.draft;
    const errors = Object.entries(options.check?.(sent) ?? {}).map(([field, message]) => ({ field, message }));
    if (errors.length > 0) {
      refuse(errors, undefined);
      return;
    }
    setSaving(true);
    setWrong([]);
    setFailure(undefined);
    try {
      const saved =
        version === undefined
          ? await options.create(write(sent))
          : await options.change(differing(write(base), write(sent)), version);
      // What was typed while it was sent is still to be saved.
      setAt((now) => ({ stored: saved, draft: now.draft === sent ? read(saved) : now.draft }));
      options.onSaved(saved, version === undefined);
    } catch (error) {
      if (error instanceof Problem && error.isStale) await options.load().then(setTheirs, toastError);
      else if (error instanceof Problem && error.status === 422) {
        const errors = error.body.errors ?? [];
        const elsewhere = errors.filter((one) => !(rootOf(one.field) in sent));
        refuse(errors, [error.message, ...elsewhere.map((one) => `${one.field}: ${one.message}`)].join(' '));
      } else if (error instanceof Problem && error.status !== 0) refuse([], error.message);
      else toastError(error);
    } finally {
      setSaving(false);
    }
  };

  return {
    draft: at.draft,
    set: (part) => {
      setAt((now) => ({ ...now, draft: { ...now.draft, ...part } }));
      if (wrong.length > 0) setWrong(wrong.filter((one) => !(rootOf(one.field) in part)));
    },
    isNew: at.stored === undefined,
    isDirty,
    isSaving,
    error: (field) => wrong.find((one) => one.field === field)?.message,
    errorsIn: (field) => wrong.filter((one) => one.field === field || rootOf(one.field) === field),
    failure,
    failures,
    save: () => {
      if (!isSaving) void send(at.stored?.version);
    },
    discard: () => {
      setAt((now) => ({ ...now, draft: read(now.stored) }));
      setWrong([]);
      setFailure(undefined);
    },
    rebase: (next, draft) => setAt((now) => ({ stored: next, draft: isDirty ? draft(now.draft) : read(next) })),
    conflict:
      theirs === undefined
        ? undefined
        : {
            fields: Object.keys(differing(base, read(theirs))) as (keyof D & string)[],
            takeTheirs: () => {
              setTheirs(undefined);
              setAt({ stored: theirs, draft: read(theirs) });
              setWrong([]);
              options.onSaved(theirs, false);
            },
            putMine: () => {
              setTheirs(undefined);
              void send(theirs.version);
            },
            goOn: () => setTheirs(undefined),
          },
  };
}

/** `targets` of `targets.low.resolution`, `domains` of `domains[0]`. */
function rootOf(field: string): string {
  return field.split(/[.[]/)[0] ?? field;
}
