/**
 * Who is signed in. The access token lives in this page's memory alone; what brings the next one is a cookie that no
 * script can read.
 */
import { useSyncExternalStore } from 'react';
import type { User } from './types';
import { atBase } from './base';
import { Problem } from './problem';

export type Session =
  /** Nobody knows yet: the cookie was not tried. */
  | { state: 'unknown' }
  | { state: 'signed-out' }
  | { state: 'signed-in'; user: User; token: string; expiresAt: number }
  /** Was signed in, and the cookie is not good any more: the page stays, and a dialog asks for the password. */
  | { state: 'expired'; user: User };

interface Answer {
  token: string;
  expires_in: number;
  user: User;
}

/** When this page's sign-in began by the desk's clock: before anything that is shown was asked for. */
let began: number | undefined;

export function beganAt(): number | undefined {
  return began;
}

/** A token that is about to end is as good as ended: the clock of this machine may be a little behind. */
const SPARE_MS = 20_000;

let session: Session = { state: 'unknown' };
const listeners = new Set<() => void>();

function set(next: Session): void {
  session = next;
  for (const listener of [...listeners]) listener();
}

export function currentSession(): Session {
  return session;
}

export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSession(): Session {
  return useSyncExternalStore(onSession, currentSession);
}

/** Who is signed in. Only for what is shown to somebody who is. */
export function useMe(): User {
  const now = useSession();
  if (now.state !== 'signed-in' && now.state !== 'expired') throw new Error('nobody is signed in');
  return now.user;
}

/** What this person changed of themselves. */
export function updateMe(user: User): void {
  if (session.state === 'signed-in') set({ ...session, user });
}

async function accept(response: Response): Promise<void> {
  const answer = (await response.json()) as Answer;
  if (session.state !== 'signed-in' && session.state !== 'expired') {
    const date = Date.parse(response.headers.get('Date') ?? '');
    began = Number.isNaN(date) ? undefined : date;
  }
  const expiresAt = Date.now() + answer.expires_in * 1000;
  set({ state: 'signed-in', user: answer.user, token: answer.token, expiresAt });
}

async function post(path: string, body?: unknown): Promise<Response> {
  return fetch(atBase(path), {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

export async function signIn(email: string, password: string): Promise<void> {
  const response = await post('api/auth/login', { email, password, cookie: true });
  if (!response.ok) throw await Problem.of(response);
  await accept(response);
  hint.set();
}

export async function signOut(): Promise<void> {
  try {
    await post('api/auth/logout');
  } finally {
    hint.clear();
    set({ state: 'signed-out' });
    channel?.postMessage('signed-out');
  }
}

/**
 * Whether there may be a cookie: it keeps a page that nobody ever signed in at from asking for a token, and from having
 * that counted as a guess. It says nothing of who.
 */
const hint = {
  set: () => localStorage.setItem('signed-in', '1'),
  clear: () => localStorage.removeItem('signed-in'),
  isThere: () => localStorage.getItem('signed-in') === '1',
};

/** Pages of the same desk tell one another that somebody signed out. */
const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('ticketing-session');
channel?.addEventListener('message', (event) => {
  if (event.data === 'signed-out') set({ state: 'signed-out' });
});

/** One look at the cookie at a time, over all pages: a refresh token is good once, and a second use ends the sign-in. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  // Without locks (no secure origin) pages can't wait for one another.
  return 'locks' in navigator ? navigator.locks.request('ticketing-refresh', work) : work();
}

let refreshing: Promise<string | undefined> | undefined;

/**
 * Sets another password, which ends every sign-in of this person, this one too: the next one begins before anything asks
 * for a token again.
 */
export async function changePassword(current: string, next: string): Promise<void> {
  const bearer = await token();
  if (session.state !== 'signed-in' || bearer === undefined) return;
  const { email } = session.user;
  await alone(async () => {
    const response = await fetch(atBase('api/auth/me'), {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${bearer}` },
      body: JSON.stringify({ current_password: current, password: next }),
    });
    if (!response.ok) throw await Problem.of(response);
    await signIn(email, next);
  });
}

/** A new access token; none where the cookie is not good any more. A server that is away is an error, not a sign-out. */
export function refresh(): Promise<string | undefined> {
  refreshing ??= alone(async () => {
    const response = await post('api/auth/refresh');
    if (response.ok) {
      await accept(response);
      return session.state === 'signed-in' ? session.token : undefined;
    }
    if (response.status !== 400 && response.status !== 401) throw await Problem.of(response);
    hint.clear();
    if (session.state === 'signed-in' || session.state === 'expired') set({ state: 'expired', user: session.user });
    else set({ state: 'signed-out' });
    return undefined;
  }).finally(() => {
    refreshing = undefined;
  });
  return refreshing;
}

/** The first thing a page does: is there a sign-in that goes on? */
export async function resume(): Promise<void> {
  if (session.state !== 'unknown') return;
  if (!hint.isThere()) {
    set({ state: 'signed-out' });
    return;
  }
  await refresh();
}

/** A token that is good for a while; none where nobody is signed in. */
export async function token(): Promise<string | undefined> {
  if (session.state !== 'signed-in') return undefined;
  return session.expiresAt - SPARE_MS > Date.now() ? session.token : refresh();
}
