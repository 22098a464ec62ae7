/**
 * Who is signed in. The access token lives in this page's memory alone; what brings the next one is a cookie that no
 * script can read.
 */
import { useSyncExternalStore } from 'react';
import type { User } from './types';
import { atBase } from './base';
import { Problem } from './problem';
import { lost, reach } from './reach';

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

/** Whose page it is; nobody's before somebody is signed in and after. */
export function personOf(one: Session): string | undefined {
  return 'user' in one ? one.user.id : undefined;
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

/** How often somebody went: what was asked for before is not for whoever is here after. */
let ended = 0;

function leave(): void {
  ended += 1;
  set({ state: 'signed-out' });
}

function read(response: Response): Promise<Answer> {
  return (response.json() as Promise<Answer>).catch(lost);
}

function accept(response: Response, answer: Answer): void {
  if (session.state !== 'signed-in' && session.state !== 'expired') {
    const date = Date.parse(response.headers.get('Date') ?? '');
    began = Number.isNaN(date) ? undefined : date;
  }
  const expiresAt = Date.now() + answer.expires_in * 1000;
  set({ state: 'signed-in', user: answer.user, token: answer.token, expiresAt });
}

function post(path: string, body?: unknown): Promise<Response> {
  return reach(atBase(path), {
    method: 'POST',
    credentials: 'same-origin',
    // The answer brings the next cookie: on a page that is left it is to come too, or the cookie that is spent is all there is.
    keepalive: true,
    headers: { 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

export async function signIn(email: string, password: string): Promise<void> {
  const response = await post('api/auth/login', { email, password, cookie: true });
  if (!response.ok) throw await Problem.of(response);
  const answer = await read(response);
  if ('user' in session && session.user.id !== answer.user.id) leave();
  accept(response, answer);
  hint.set();
}

/** Signed out is who the desk says is: as long as it does not, the cookie is good for whoever comes next. */
export function signOut(): Promise<void> {
  return alone(async () => {
    const response = await post('api/auth/logout');
    if (!response.ok && response.status !== 401) throw await Problem.of(response);
    hint.clear();
    leave();
    channel?.postMessage('signed-out');
  });
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
  if (event.data === 'signed-out') leave();
});

/** One look at the cookie at a time, over all pages: a refresh token is good once, and a second use ends the sign-in. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  if ('locks' in navigator) return navigator.locks.request('ticketing-refresh', work);
  // Without locks (no secure origin) pages can't wait for one another; what one page does can.
  const mine = before.then(work);
  before = mine.catch(() => undefined);
  return mine;
}
let before: Promise<unknown> = Promise.resolve();

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
    const response = await reach(atBase('api/auth/me'), {
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
    // What brings somebody back who went is a password.
    if (session.state === 'signed-out') return undefined;
    const asked = ended;
    const response = await post('api/auth/refresh');
    const answer = response.ok ? await read(response) : undefined;
    if (asked !== ended) return undefined;
    if (answer !== undefined) {
      // The cookie is of somebody who signed in elsewhere: nobody becomes another without being asked.
      if ('user' in session && session.user.id !== answer.user.id) leave();
      else accept(response, answer);
      return session.state === 'signed-in' ? session.token : undefined;
    }
    // 403: the desk takes no cookie from pages of this address. Whoever signs in reads why.
    if (![400, 401, 403].includes(response.status)) throw await Problem.of(response);
    hint.clear();
    if ('user' in session) set({ state: 'expired', user: session.user });
    else leave();
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
