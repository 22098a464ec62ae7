/**
 * What is on its way. A message waits for some seconds, in which it can be taken back; then it is sent under a key that
 * is kept with it until the desk has answered. So it is there once, whatever happens to the page, the line or the server
 * in between, and never lost: what was not tried yet goes back to the drafts, what was tried is tried again.
 */
import { useSyncExternalStore } from 'react';
import { newId } from '../../../api/id';
import { Problem } from '../../../api/problem';
import { currentSession, onSession } from '../../../api/session';
import type { Comment, Status } from '../../../api/types';
import { reason } from '../../../ui/toast';
import { restoreDraft } from './drafts';

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
  onStatusFailed: (one: Outgoing, error: unknown) => void;
}

/** How long a message can be taken back. */
export const UNDO_MS = 10_000;
/** How long the desk knows a key, less an hour. */
const KEY_MS = 23 * 3_600_000;
/** After this time the ticket may have moved on: a status is not set behind anybody's back. */
const STATUS_MS = 120_000;
/** Where pages don't know of one another, what is newer than this is another's. */
const NEW_MS = 60_000;
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

function keep(one: Outgoing): void {
  localStorage.setItem(STORE + one.id, JSON.stringify(one));
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
  what: Pick<Outgoing, 'person' | 'ticketId' | 'ticketNumber' | 'text' | 'isInternal' | 'status'>,
): void {
  const one: Outgoing = { ...what, id: newId(), writtenAt: Date.now(), state: 'waiting', page: PAGE };
  keep(one);
  later(one.id, UNDO_MS);
}

/** Takes a message back into the drafts, where it was surely not sent. */
export function takeBack(id: string): void {
  const one = find(id);
  if (one === undefined || (one.state !== 'waiting' && one.state !== 'failed')) return;
  forget(id);
  restoreDraft(one.person, one.ticketId, one.isInternal ? 'note' : 'reply', one.text);
}

/** Gives up what the desk did not want. */
export function discard(id: string): void {
  if (find(id)?.state === 'failed') forget(id);
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
  if (one === undefined || post === undefined || underWay.has(id)) return;
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
      keep((one = { ...one, state: one.state === 'retrying' ? 'retrying' : 'sending', failure: undefined }));
      const comment = await post.say(one);
      keep((one = { ...one, state: 'said' }));
      tries.delete(id);
      post.onSaid(one, comment);
    }
    if (one.status !== undefined) await post.setStatus(one, one.status);
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
  } else keep({ ...one, state: 'failed', failure: reason(error) });
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
  set([]);
}

function leave(): void {
  for (const one of all) {
    if (one.state !== 'waiting') continue;
    // Marked before: whoever finds it asks the desk again, under the same key.
    keep({ ...one, state: 'sending' });
    if (post?.sayAtOnce(one) !== true) keep(one);
  }
}

/** How pages know of one another; not there on an origin that is not secure. */
function locks(): LockManager | undefined {
  return (navigator as { locks?: LockManager | null }).locks ?? undefined;
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
    if (isLookedAfter && one.page !== PAGE) continue;
    // Whoever may have the key forgotten is not asked again: a person looks first.
    const isForgotten = age > KEY_MS && one.state !== 'said';
    keep({
      ...one,
      page: PAGE,
      state: isForgotten ? 'failed' : one.state,
      status: age > STATUS_MS ? undefined : one.status,
    });
    if (isForgotten || one.state === 'waiting') takeBack(one.id);
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
