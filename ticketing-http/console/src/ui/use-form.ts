/** Editing one thing: a draft of it, saving what differs, and what somebody else saved meanwhile. */
import { useEffect, useState } from 'react';
import { Problem } from '../api/problem';
import { differing, isSame } from './differ';
import { faultText, type Fault } from './fault';
import { messagesIn, rootOf, unplacedText } from './field-text';
import { reason, toastError } from './toast';
import { useOnce, type Once } from './use-once';

export interface FormOptions<
  S extends { version: number },
  T extends S | undefined,
  D extends object,
  B extends object,
> {
  /** What the server has; nothing where a new one is made. */
  stored: T;
  /** What is edited of it; of nothing, what a new one begins with. */
  read: (stored: S | T) => D;
  /** What is sent of a draft, whole. */
  write: (draft: D) => B;
  /** Makes a new one. The header is the same for the same content, so that what is sent twice happens once. */
  create?: (body: B, header: Once) => Promise<S>;
  /** Changes these fields of it alone; where the API takes nothing but all of them, there is the whole. */
  change: (part: Partial<B>, before: S, whole: B) => Promise<S>;
  /** Asks for the newest of it. */
  load: (before: S) => Promise<S>;
  onSaved: (saved: S, isNew: boolean) => void;
  /** What somebody else saved is shown in place of what was written here. */
  onTheirs: (theirs: S) => void;
  /** A new one was made, and nothing is left here that it does not have: its own page is next. */
  onMade?: (made: S) => void;
  /** What is wrong already here, by field; nothing is sent then. */
  check?: (draft: D) => Record<string, string>;
}

export interface Form<D> {
  draft: D;
  set: (part: Partial<D>) => void;
  isNew: boolean;
  isDirty: boolean;
  isSaving: boolean;
  /** What is wrong with a field, such as `name` or `imap.host`. */
  error: (field: string) => string | undefined;
  /** What is wrong with it or anything in it; of a list, with the entry that it is about. */
  errorIn: (field: string, entries?: readonly string[]) => string | undefined;
  /** The same one by one. */
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

export function useForm<S extends { version: number }, T extends S | undefined, D extends object, B extends object>(
  options: FormOptions<S, T, D, B>,
): Form<D> & {
  /** Goes on from what was stored by another way, with what was changed here and is not saved yet. */
  rebase: (stored: S, put?: (changed: Partial<D>) => Partial<D>) => void;
} {
  const { stored, read, write } = options;
  interface At {
    stored: S | T;
    draft: D;
  }
  const [at, setAt] = useState<At>(() => ({ stored, draft: read(stored) }));
  const [wrong, setWrong] = useState<readonly Fault[]>([]);
  const [failure, setFailure] = useState<string>();
  const [failures, setFailures] = useState(0);
  const [isSaving, setSaving] = useState(false);
  const [theirs, setTheirs] = useState<S>();
  const sendOnce = useOnce();
  const base = read(at.stored);
  const isDirty = !isSame(base, at.draft);
  const isNews = stored !== at.stored && (at.stored?.version ?? 0) <= (stored?.version ?? 0);
  if (isNews && !isDirty) setAt({ stored, draft: read(stored) });
  const { onMade } = options;
  const made = stored === undefined && !isDirty ? at.stored : undefined;
  useEffect(() => {
    if (made !== undefined) onMade?.(made);
    // It is gone to once.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [made]);

  const refuse = (errors: readonly Fault[], words: string | undefined) => {
    setWrong(errors);
    setFailure(words);
    setFailures((count) => count + 1);
  };
  const create = (body: B): Promise<S> => {
    const { create: make } = options;
    if (make === undefined) return Promise.reject(new Error('none of these is ever made'));
    return sendOnce(body, (header) => make(body, header));
  };
  /** The newest, with what differs here from what it was before. */
  const over = (next: S, before: D, draft: D): At => ({
    stored: next,
    draft: { ...read(next), ...differing(before, draft) },
  });
  const send = async ({ stored: before, draft: sent }: At) => {
    const errors = Object.entries(options.check?.(sent) ?? {}).map(([field, message]) => ({ field, message }));
    if (errors.length > 0) {
      refuse(errors, undefined);
      return;
    }
    setSaving(true);
    setWrong([]);
    setFailure(undefined);
    try {
      const whole = write(sent);
      const saved =
        before === undefined
          ? await create(whole)
          : await options.change(differing(write(read(before)), whole), before, whole);
      // What was typed while it was sent is still to be saved.
      setAt((now) => over(saved, sent, now.draft));
      options.onSaved(saved, before === undefined);
    } catch (error) {
      if (before !== undefined && error instanceof Problem && error.isStale)
        await options.load(before).then(setTheirs, toastError);
      else if (error instanceof Problem && error.status === 422) {
        const errors = error.body.errors ?? [];
        refuse(
          errors,
          unplacedText(errors, (field) => rootOf(field) in sent),
        );
      } else if (error instanceof Problem && error.status !== 0) refuse([], reason(error));
      else toastError(error);
    } finally {
      setSaving(false);
    }
  };
  const errorsIn = (field: string) =>
    wrong
      .filter((one) => one.field === field || rootOf(one.field) === field || one.field.startsWith(`${field}.`))
      .map((one) => ({ field: one.field, message: faultText(one) }));

  return {
    draft: at.draft,
    set: (part) => {
      setAt((now) => ({ ...now, draft: { ...now.draft, ...part } }));
      if (wrong.length > 0) setWrong(wrong.filter((one) => !(rootOf(one.field) in part)));
    },
    isNew: at.stored === undefined,
    isDirty,
    isSaving,
    error: (field) => {
      const found = wrong.find((one) => one.field === field);
      return found && faultText(found);
    },
    errorIn: (field, entries) => messagesIn(errorsIn(field), field, entries),
    errorsIn,
    failure,
    failures,
    save: () => {
      if (!isSaving) void send(at);
    },
    discard: () => {
      setAt((now) => ({ ...now, draft: read(now.stored) }));
      setWrong([]);
      setFailure(undefined);
    },
    rebase: (next, put = (changed) => changed) =>
      setAt((now) => ({
        stored: next,
        draft: { ...read(next), ...put(differing(read(now.stored), now.draft)) },
      })),
    conflict:
      theirs === undefined
        ? undefined
        : {
            fields: Object.keys(differing(base, read(theirs))) as (keyof D & string)[],
            takeTheirs: () => {
              setTheirs(undefined);
              setAt({ stored: theirs, draft: read(theirs) });
              setWrong([]);
              options.onTheirs(theirs);
            },
            putMine: () => {
              // Theirs with what was changed here on top: what they changed elsewhere stays.
              const next = over(theirs, base, at.draft);
              setTheirs(undefined);
              setAt(next);
              void send(next);
            },
            goOn: () => setTheirs(undefined),
          },
  };
}
