import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem } from './problem';
import type * as Session from './session';

const kim = { id: 'kim', email: 'kim@desk.example' };
const lu = { id: 'lu', email: 'lu@desk.example' };
const signedIn = (user: object) => Response.json({ token: `token of ${JSON.stringify(user)}`, expires_in: 900, user });
const refusal = (status: number, code: string) => Response.json({ type: `/problems/${code}`, status }, { status });
const fetched = vi.fn<(path: string) => Promise<Response>>();
/** What an address answers next. */
const answers = new Map<string, () => Promise<Response>>();

/** A page of its own. */
async function page(user?: object) {
  vi.resetModules();
  const session: typeof Session = await import('./session');
  if (user !== undefined) {
    answers.set('login', () => Promise.resolve(signedIn(user)));
    await session.signIn('a', 'b');
  }
  return session;
}

/** An answer that comes when it is told to. */
function slow(path: string) {
  let come: (response: Response) => void = () => undefined;
  answers.set(path, () => new Promise((resolve) => (come = resolve)));
  return (response: Response) => come(response);
}

const isProblem = (status: number) => expect.objectContaining({ name: 'Problem', status }) as Problem;

beforeEach(() => {
  localStorage.clear();
  answers.clear();
  vi.stubGlobal('navigator', { userAgent: '', language: 'en' });
  vi.stubGlobal('BroadcastChannel', undefined);
  vi.stubGlobal('fetch', fetched);
  fetched.mockReset();
  fetched.mockImplementation((path) => {
    const answer = answers.get(path.split('/').at(-1) ?? '');
    return answer?.() ?? Promise.reject(new TypeError('Failed to fetch'));
  });
});

describe('a desk that can’t be reached', () => {
  it('is a problem like others, whatever was asked', async () => {
    const { signIn, signOut, refresh, changePassword, currentSession } = await page(kim);
    await expect(refresh()).rejects.toEqual(isProblem(0));
    await expect(signOut()).rejects.toEqual(isProblem(0));
    await expect(changePassword('a', 'b')).rejects.toEqual(isProblem(0));
    answers.clear();
    await expect(signIn('a', 'b')).rejects.toEqual(isProblem(0));
    expect(currentSession()).toMatchObject({ state: 'signed-in', user: kim });
  });

  it('is one where an answer breaks off', async () => {
    const { refresh } = await page(kim);
    answers.set('refresh', () => Promise.resolve(new Response('{"token": "x', { status: 200 })));
    await expect(refresh()).rejects.toEqual(isProblem(0));
  });
});

describe('signing out', () => {
  it('is done where the desk has done it, or knew nothing of it', async () => {
    for (const answer of [new Response(null, { status: 204 }), refusal(401, 'unauthenticated')]) {
      const { signOut, currentSession } = await page(kim);
      answers.set('logout', () => Promise.resolve(answer));
      await signOut();
      expect(currentSession()).toEqual({ state: 'signed-out' });
      expect(localStorage.getItem('signed-in')).toBeNull();
    }
  });

  it('is not done where the desk did not', async () => {
    const { signOut, currentSession } = await page(kim);
    answers.set('logout', () => Promise.resolve(refusal(503, 'unavailable')));
    await expect(signOut()).rejects.toEqual(isProblem(503));
    expect(currentSession()).toMatchObject({ state: 'signed-in' });
    expect(localStorage.getItem('signed-in')).toBe('1');
  });

  it('waits for a token that is on its way, and nothing brings one after', async () => {
    const { signOut, refresh, currentSession } = await page(kim);
    answers.set('logout', () => Promise.resolve(new Response(null, { status: 204 })));
    const come = slow('refresh');
    const token = refresh();
    await vi.waitUntil(() => fetched.mock.calls.length === 2);
    const out = signOut();
    expect(currentSession().state).toBe('signed-in');
    come(signedIn(kim));
    await Promise.all([token, out]);
    expect(currentSession()).toEqual({ state: 'signed-out' });
    expect(await refresh()).toBeUndefined();
    expect(fetched.mock.calls.map(([path]) => path.split('/').at(-1))).toEqual(['login', 'refresh', 'logout']);
  });

  it('elsewhere is not undone by an answer that comes late', async () => {
    let hear: (event: { data: string }) => void = () => undefined;
    vi.stubGlobal(
      'BroadcastChannel',
      class {
        addEventListener(_name: string, listener: typeof hear) {
          hear = listener;
        }
      },
    );
    const { refresh, currentSession } = await page(kim);
    const come = slow('refresh');
    const token = refresh();
    await vi.waitUntil(() => fetched.mock.calls.length === 2);
    hear({ data: 'signed-out' });
    come(signedIn(kim));
    expect(await token).toBeUndefined();
    expect(currentSession()).toEqual({ state: 'signed-out' });
  });
});

describe('a new token', () => {
  it('of somebody else makes nobody that: this page is signed out', async () => {
    const { refresh, currentSession, onSession } = await page(kim);
    answers.set('refresh', () => Promise.resolve(signedIn(lu)));
    const states: string[] = [];
    onSession(() => states.push(currentSession().state));
    expect(await refresh()).toBeUndefined();
    expect(states).toEqual(['signed-out']);
  });

  it('is asked for by a password where the desk refuses the cookie', async () => {
    for (const status of [400, 401, 403]) {
      const { refresh, currentSession } = await page(kim);
      answers.set('refresh', () => Promise.resolve(refusal(status, 'forbidden')));
      expect(await refresh()).toBeUndefined();
      expect(currentSession()).toEqual({ state: 'expired', user: kim });
    }
  });

  it('is somebody else’s once they sign in on this page, who was here before having gone first', async () => {
    const { signIn, currentSession, onSession } = await page(kim);
    const seen: unknown[] = [];
    onSession(() => seen.push(currentSession().state));
    answers.set('login', () => Promise.resolve(signedIn(lu)));
    await signIn('a', 'b');
    expect(seen).toEqual(['signed-out', 'signed-in']);
    expect(currentSession()).toMatchObject({ user: lu });
  });
});
