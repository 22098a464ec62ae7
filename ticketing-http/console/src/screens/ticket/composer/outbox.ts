/**
 * What is on its way. A message waits for some seconds, in which it can be taken back; then it is sent under a key that
 * is kept with it until the desk has answered. So it is there once, whatever happens to the page, the line or the server
 * in between, and never lost: what was not tried yet goes back to the drafts, what was tried is tried again.
 */
import { useSyncExternalStore } from 'react';
import { newId } from '../../../api/id';
import { Problem } from '../../../api/problem';
import { currentSession, onSession, personOf } from '../../../api/session';
import type { Comment, Status } from '../../../api/types';
import { reason } from '../../../ui/toast';
import { restoreDraft, type CannedUse } from './drafts';

export interface Outgoing {
  /** Also the `Idempotency-Key`. */
  id: string;
  person: string;
  ticketId: string;
  ticketNumber: string;
  text: string;
  isInternal: boolean;
  /** What the ticket is set to once it is said. */
  status?: Status | undefined;
  /** What was there as the writing began, for whoever takes it back. */
  seen?: string | undefined;
  canned?: CannedUse | undefined;
  writtenAt: number;
  state:
    /** Can be taken back. */
    | 'waiting'
    | 'sending'
    /** Nobody knows whether the desk has it. It is asked again. */
    | 'retrying'
    /** The desk did not want it. */
    | 'failed'
    /** It was said; the status is to be set yet. */
    | 'said';
  failure?: string | undefined;
  /** It went out, and the desk has not said that it does not have it: nobody may take it for not sent. */
  isTried?: boolean | undefined;
  /** The page that looks after it. */
  page: string;
}

/** What does it; the screen gives it, tests give another. */
export interface Post {
  say: (one: Outgoing) => Promise<Comment>;
  setStatus: (one: Outgoing, status: Status) => Promise<void>;
  /** On a page that is going away; false where that can't be. */
  sayAtOnce: (one: Outgoing) => boolean;
  onSaid: (one: Outgoing, comment: Comment) => void;
  /** Without an error it was too late for the status. */
  onStatusFailed: (one: Outgoing, error?: unknown) => void;
}

/** How long a message can be taken back. */
export const UNDO_MS = 10_000;
/** How long the desk knows a key, less an hour. */
const KEY_MS = 23 * 3_600_000;
/** After this time the ticket may have moved on: a status is not set behind anybody's back. */
const STATUS_MS = 120_000;
/** Where pages don't know of one another, what is newer than this is another's. */
const NEW_MS = 60_000;
/** After so long one looks again whether a page is gone that something was left to. */
const LOOK_MS = 15_000;
const STORE = 'outbox.';
const PAGE = newId();

let post: Post | undefined;
let all: readonly Outgoing[] = [];
const timers = new Map<string, ReturnType<typeof setTimeout>>();
const tries = new Map<string, number>();
const underWay = new Set<string>();
const listeners = new Set<() => void>();

function set(next: readonly Outgoing[]): void {
  all = next;
  for (const listener of [...listeners]) listener();
}

const isMine = (one: Outgoing) => one.person === personOf(currentSession());

function keep(one: Outgoing): void {
  try {
    localStorage.setItem(STORE + one.id, JSON.stringify(one));
  } catch {
    // A browser without room: this page has it as long as it is there.
  }
  // What came back after somebody else had signed in waits in the store for who wrote it.
  if (!isMine(one)) return;
  set(
    all.some((other) => other.id === one.id) ? all.map((other) => (other.id === one.id ? one : other)) : [...all, one],
  );
}

function forget(id: string): void {
  clearTimeout(timers.get(id));
  for (const known of [timers, tries]) known.delete(id);
  localStorage.removeItem(STORE + id);
  set(all.filter((one) => one.id !== id));
}

const find = (id: string) => all.find((one) => one.id === id);

export function useOutbox(ticketId: string): readonly Outgoing[] {
  const now = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => all,
  );
  return now.filter((one) => one.ticketId === ticketId && one.state !== 'said');
}

export function send(
  what: Pick<Outgoing, 'person' | 'ticketId' | 'ticketNumber' | 'text' | 'isInternal' | 'status' | 'seen' | 'canned'>,
): void {
  const one: Outgoing = { ...what, id: newId(), writtenAt: Date.now(), state: 'waiting', page: PAGE };
  keep(one);
  later(one.id, UNDO_MS);
}

/** Takes a message back into the drafts, where it was surely not sent. */
export function takeBack(id: string): void {
  const one = find(id);
  if (one === undefined || one.isTried === true || (one.state !== 'waiting' && one.state !== 'failed')) return;
  toDraft(one);
}

function toDraft(one: Outgoing): void {
  forget(one.id);
  const { text, seen = '', canned } = one;
  restoreDraft(one.person, one.ticketId, one.isInternal ? 'note' : 'reply', { text, seen, canned });
}

/** Gives up what the desk did not want. */
export function discard(id: string): void {
  const one = find(id);
  if (one?.state === 'failed' && one.isTried !== true) forget(id);
}

export function tryNow(id: string): void {
  clearTimeout(timers.get(id));
  void go(id);
}

/** Sends what waits on a ticket that is left, or on all of them. */
export function sendWaiting(ticketId?: string): void {
  for (const one of all)
    if (one.state === 'waiting' && (ticketId === undefined || one.ticketId === ticketId)) tryNow(one.id);
}

function later(id: string, ms: number): void {
  clearTimeout(timers.get(id));
  timers.set(
    id,
    setTimeout(() => void go(id), ms),
  );
}

/** Whether it may have been done or may be done by trying again. */
function isUnclear(error: unknown): boolean {
  return (
    error instanceof Problem &&
    (error.status === 0 || error.status === 401 || error.status === 429 || error.status >= 500)
  );
}

async function go(id: string): Promise<void> {
  let one = find(id);
  if (one === undefined || post === undefined || underWay.has(id) || !isMine(one)) return;
  // What was said first on a ticket is there first.
  const at = all.indexOf(one);
  const before = all.slice(0, at).find((other) => other.ticketId === one?.ticketId && other.state !== 'failed');
  if (before !== undefined && before.state !== 'said') {
    if (before.state === 'waiting') tryNow(before.id);
    later(id, 500);
    return;
  }
  underWay.add(id);
  try {
    if (one.state !== 'said') {
      const state = one.state === 'retrying' ? 'retrying' : 'sending';
      keep((one = { ...one, state, isTried: true, failure: undefined }));
      const comment = await post.say(one);
      keep((one = { ...one, state: 'said' }));
      tries.delete(id);
      if (isMine(one)) post.onSaid(one, comment);
    }
    if (one.status !== undefined) {
      // Whoever has gone meanwhile sets it, or hears of it, when they come again.
      if (!isMine(one)) return;
      if (Date.now() - one.writtenAt > STATUS_MS) post.onStatusFailed(one);
      else await post.setStatus(one, one.status);
    }
    forget(id);
  } catch (error) {
    failed(one, error);
  } finally {
    underWay.delete(id);
  }
}

function failed(one: Outgoing, error: unknown): void {
  if (isUnclear(error)) {
    const count = (tries.get(one.id) ?? 0) + 1;
    tries.set(one.id, count);
    if (one.state !== 'said') keep({ ...one, state: 'retrying', failure: reason(error) });
    const wait = error instanceof Problem ? error.retryAfter : undefined;
    later(one.id, wait === undefined ? Math.min(1_000 * 2 ** count, 30_000) : wait * 1_000);
  } else if (one.state === 'said') {
    post?.onStatusFailed(one, error);
    forget(one.id);
  } else keep({ ...one, state: 'failed', failure: reason(error), isTried: !(error instanceof Problem) });
}

/** Begins: looks after what pages left behind that are gone, and after this one until it goes. */
export async function startOutbox(given: Post): Promise<void> {
  post = given;
  if (isStarted) return;
  isStarted = true;
  // Held for as long as the page is there; others see by it who looks after a message.
  void locks()?.request(STORE + PAGE, () => new Promise(() => undefined));
  addEventListener('pagehide', leave);
  addEventListener('online', retryAll);
  addEventListener('storage', ({ key, newValue }) => {
    if (newValue !== null && key?.startsWith(STORE) === true) lookAgain();
  });
  let person = '';
  onSession(() => {
    const session = currentSession();
    if (session.state === 'signed-out') {
      backToDrafts();
      person = '';
    }
    if (session.state !== 'signed-in') return;
    if (session.user.id !== person) void adopt((person = session.user.id));
    else retryAll();
  });
  const session = currentSession();
  if (session.state === 'signed-in') await adopt((person = session.user.id));
}
let isStarted = false;

function retryAll(): void {
  for (const one of all) if (one.state === 'retrying' || one.state === 'said') tryNow(one.id);
}

/** Whoever signs out can't send any more; what waits is theirs when they come again. */
function backToDrafts(): void {
  for (const one of all) if (one.state === 'waiting') takeBack(one.id);
  for (const timer of timers.values()) clearTimeout(timer);
  timers.clear();
  set([]);
}

function leave(): void {
  for (const one of all) {
    if (one.state !== 'waiting') continue;
    // Marked before: whoever finds it asks the desk again, under the same key.
    keep({ ...one, state: 'sending', isTried: true });
    if (post?.sayAtOnce(one) !== true) keep(one);
  }
}

/** How pages know of one another; not there on an origin that is not secure. */
function locks(): LockManager | undefined {
  return (navigator as { locks?: LockManager | null }).locks ?? undefined;
}

let look: ReturnType<typeof setTimeout> | undefined;

/** What another page has on its way is looked after here once that is gone. */
function lookAgain(): void {
  look ??= setTimeout(() => {
    look = undefined;
    const person = personOf(currentSession());
    if (person !== undefined) void adopt(person);
  }, LOOK_MS);
}

async function adopt(person: string): Promise<void> {
  // Two pages that come at once are not both to take it.
  const there = locks();
  if (there === undefined) adoptAlone(person, undefined);
  else
    await there.request('outbox-adopt', async () => {
      const { held } = await there.query();
      adoptAlone(person, new Set(held?.map((lock) => lock.name ?? '')));
    });
}

function adoptAlone(person: string, there: ReadonlySet<string> | undefined): void {
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(STORE))) {
    const one = read(key);
    if (one === undefined || one.person !== person || find(one.id) !== undefined) continue;
    const age = Date.now() - one.writtenAt;
    const isLookedAfter = there === undefined ? age < NEW_MS : there.has(STORE + one.page);
    if (isLookedAfter && one.page !== PAGE) {
      lookAgain();
      continue;
    }
    // Whoever may have the key forgotten is not asked again: a person looks first.
    const isForgotten = age > KEY_MS && one.state !== 'said';
    keep({ ...one, page: PAGE });
    if (isForgotten || one.state === 'waiting') toDraft(one);
    else if (one.state !== 'failed') tryNow(one.id);
  }
}

function read(key: string): Outgoing | undefined {
  try {
    const one = JSON.parse(localStorage.getItem(key) ?? '') as Partial<Outgoing>;
    return one.id !== undefined && one.text !== undefined ? (one as Outgoing) : undefined;
  } catch {
    return undefined;
  }
}
