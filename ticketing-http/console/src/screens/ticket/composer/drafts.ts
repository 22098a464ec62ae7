/** What somebody began to write and has not sent: kept by this browser, for each person, ticket, and voice. */
import { useSyncExternalStore } from 'react';

export type Mode = 'reply' | 'note';

/** The canned responses that a text comes of. */
export interface CannedUse {
  /** The last of them, unless that was undone. */
  id?: string | undefined;
  /** What any of them asked for and the ticket had not: also of what was undone, since that can be done again. */
  missing: readonly string[];
}

export interface Draft {
  text: string;
  /** When the newest message was made that was there as the writing began; empty where there was none. */
  seen: string;
  canned?: CannedUse | undefined;
}

const NONE: Draft = { text: '', seen: '' };
const listeners = new Set<() => void>();
/** What was read of the store: a draft is the same object as long as its text is the same. */
const parsed = new Map<string, { raw: string; draft: Draft }>();

/** What was missing for texts that are gone: to undo that brings them back, and no more than the words of them. */
const missed = new Map<string, CannedUse>();

/** What the browser has no room for. */
const memory = new Map<string, string>();

function write(key: string, draft: Draft | undefined): void {
  memory.delete(key);
  if (draft === undefined) localStorage.removeItem(key);
  else {
    try {
      localStorage.setItem(key, JSON.stringify(draft));
    } catch {
      memory.set(key, JSON.stringify(draft));
    }
  }
  tell();
}

const keyOf = (person: string, ticket: string, mode: Mode) => `draft.${person}.${ticket}.${mode}`;

function tell(): void {
  for (const listener of [...listeners]) listener();
}

// Another page of the same person writes too.
addEventListener('storage', (event) => {
  if (event.key === null || event.key.startsWith('draft.')) tell();
});

export function draftOf(person: string, ticket: string, mode: Mode): Draft {
  const key = keyOf(person, ticket, mode);
  const raw = memory.get(key) ?? localStorage.getItem(key);
  if (raw === null) return NONE;
  const known = parsed.get(key);
  if (known?.raw === raw) return known.draft;
  let draft = NONE;
  try {
    draft = { ...NONE, ...(JSON.parse(raw) as Partial<Draft>) };
  } catch {
    // What something else wrote there is no draft.
  }
  parsed.set(key, { raw, draft });
  return draft;
}

/** Keeps what was written. `seen` is taken where it is the beginning. */
export function keepDraft(person: string, ticket: string, mode: Mode, text: string, seen: string): void {
  const key = keyOf(person, ticket, mode);
  const before = draftOf(person, ticket, mode);
  const canned = before.canned ?? missed.get(key);
  if (canned !== undefined) missed.set(key, { missing: canned.missing });
  write(key, text === '' ? undefined : { text, seen: before.text.trim() === '' ? seen : before.seen, canned });
}

/** Keeps which canned response the text comes of, or that it comes of none; what more was missing for it is added. */
export function keepCanned(person: string, ticket: string, mode: Mode, { id, missing }: CannedUse): void {
  const before = draftOf(person, ticket, mode);
  const canned = { id, missing: together(before.canned?.missing, missing) };
  if (before.text !== '') write(keyOf(person, ticket, mode), { ...before, canned });
}

const together = (one: readonly string[] = [], other: readonly string[] = []) => [...new Set([...one, ...other])];

/** Puts back what was to be sent, before what was written since, with what had been seen when it was begun. */
export function restoreDraft(person: string, ticket: string, mode: Mode, { text, seen, canned }: Draft): void {
  const now = draftOf(person, ticket, mode);
  const whole = now.text.trim() === '' ? text : `${text}\n\n${now.text}`;
  const both =
    canned === undefined || now.canned === undefined
      ? (canned ?? now.canned)
      : { id: canned.id ?? now.canned.id, missing: together(canned.missing, now.canned.missing) };
  write(keyOf(person, ticket, mode), { text: whole, seen, canned: both });
}

/** Whoever replied in between was read by now. */
export function seenAll(person: string, ticket: string, mode: Mode, seen: string): void {
  const before = draftOf(person, ticket, mode);
  if (before.text !== '') write(keyOf(person, ticket, mode), { ...before, seen });
}

export function useDraft(person: string, ticket: string, mode: Mode): Draft {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => draftOf(person, ticket, mode),
  );
}
