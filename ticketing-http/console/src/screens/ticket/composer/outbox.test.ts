import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Comment } from '../../../api/types';
import { draftOf, keepDraft } from './drafts';
import type * as Outbox from './outbox';

const comment = { id: 'c', ticket_id: 't' } as Comment;

/** The browser's locks, as far as pages know of one another by them. */
const held = new Set<string>();
const locks = {
  request: async (name: string, work: () => Promise<unknown>) => {
    held.add(name);
    await work();
    held.delete(name);
  },
  query: () => Promise.resolve({ held: [...held].map((name) => ({ name })) }),
};

/** The page goes: its timers and locks go with it. */
function gone(): void {
  vi.clearAllTimers();
  held.clear();
}

/** A page of its own: what it holds in memory is not that of the page before. */
async function page() {
  vi.resetModules();
  const session = await import('../../../api/session');
  const signedIn = (id: string) => ({
    state: 'signed-in' as const,
    user: { id } as never,
    token: 'x',
    expiresAt: Infinity,
  });
  const now = vi.spyOn(session, 'currentSession').mockReturnValue(signedIn('kim'));
  let hear: () => void = () => undefined;
  vi.spyOn(session, 'onSession').mockImplementation((listener) => {
    hear = listener;
    return () => undefined;
  });
  /** Somebody signs in here, or whoever was here signs out. */
  const comes = (id?: string) => {
    now.mockReturnValue(id === undefined ? { state: 'signed-out' } : signedIn(id));
    hear();
  };
  const { Problem } = await import('../../../api/problem');
  const outbox: typeof Outbox = await import('./outbox');
  const post = {
    say: vi.fn<Outbox.Post['say']>().mockResolvedValue(comment),
    setStatus: vi.fn<Outbox.Post['setStatus']>().mockResolvedValue(undefined),
    sayAtOnce: vi.fn<Outbox.Post['sayAtOnce']>().mockReturnValue(true),
    onSaid: vi.fn<Outbox.Post['onSaid']>(),
    onStatusFailed: vi.fn<Outbox.Post['onStatusFailed']>(),
  };
  await outbox.startOutbox(post);
  return { ...outbox, post, Problem, comes };
}

const what = { person: 'kim', ticketId: 't', ticketNumber: 'TKT-1', text: 'hello', isInternal: false };
const kept = () =>
  Object.keys(localStorage)
    .filter((key) => key.startsWith('outbox.'))
    .map((key) => JSON.parse(localStorage.getItem(key) ?? '') as Outbox.Outgoing);
const only = () => {
  const [one, ...rest] = kept();
  if (one === undefined || rest.length > 0) throw new Error('not one is kept, but none or several');
  return one;
};
const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  localStorage.clear();
  held.clear();
  vi.stubGlobal('navigator', { userAgent: '', language: 'en', locks });
  vi.useFakeTimers();
});

describe('a message', () => {
  it('waits, is sent under its key, and is gone', async () => {
    const { send, post, UNDO_MS } = await page();
    send(what);
    const { id } = only();
    await later(UNDO_MS - 100);
    expect(post.say).not.toHaveBeenCalled();
    await later(200);
    expect(post.say.mock.calls.map(([one]) => one.id)).toEqual([id]);
    expect(post.onSaid).toHaveBeenCalledOnce();
    expect(kept()).toEqual([]);
  });

  it('that is taken back is a draft again, before what was written since', async () => {
    const { send, takeBack, post } = await page();
    send(what);
    keepDraft('kim', 't', 'reply', 'more', '');
    takeBack(only().id);
    await later(60_000);
    expect(post.say).not.toHaveBeenCalled();
    expect(draftOf('kim', 't', 'reply').text).toBe('hello\n\nmore');
  });

  it('that nobody answered is tried again under the same key, and can’t be taken back', async () => {
    const { send, takeBack, post, Problem } = await page();
    post.say.mockRejectedValueOnce(new Problem(0, {})).mockRejectedValueOnce(new Problem(503, {}));
    send(what);
    const { id } = only();
    await later(10_100);
    takeBack(id);
    expect(only().state).toBe('retrying');
    await later(20_000);
    expect(post.say.mock.calls.map(([one]) => one.id)).toEqual([id, id, id]);
    expect(kept()).toEqual([]);
  });

  it('that the desk does not want is kept with the reason, for its author to say what next', async () => {
    const { send, takeBack, post, Problem } = await page();
    post.say.mockRejectedValue(new Problem(409, { detail: 'It is closed.' }));
    send(what);
    await later(60_000);
    expect(post.say).toHaveBeenCalledOnce();
    expect(only()).toMatchObject({ state: 'failed', failure: 'It is closed.', text: 'hello' });
    takeBack(only().id);
    expect(draftOf('kim', 't', 'reply').text).toBe('hello');
  });

  it('is not said again where only the status failed', async () => {
    const { send, post, Problem } = await page();
    post.setStatus.mockRejectedValueOnce(new Problem(0, {})).mockRejectedValueOnce(new Problem(409, {}));
    send({ ...what, status: 'resolved' });
    await later(60_000);
    expect(post.say).toHaveBeenCalledOnce();
    expect(post.setStatus).toHaveBeenCalledTimes(2);
    expect(post.onStatusFailed).toHaveBeenCalledOnce();
    expect(kept()).toEqual([]);
  });

  it('sets no status long after: things may have changed, and its author is told', async () => {
    const { send, post, Problem } = await page();
    for (let at = 0; at < 8; at += 1) post.say.mockRejectedValueOnce(new Problem(0, {}));
    send({ ...what, status: 'closed' });
    await later(180_000);
    expect(post.onSaid).toHaveBeenCalledOnce();
    expect(post.setStatus).not.toHaveBeenCalled();
    expect(post.onStatusFailed.mock.calls).toEqual([[expect.objectContaining({ status: 'closed' })]]);
    expect(kept()).toEqual([]);
  });

  it('that went out is not taken for not sent, whatever else goes wrong', async () => {
    const { send, takeBack, discard, tryNow, post } = await page();
    post.say.mockRejectedValueOnce(new TypeError('of the page itself'));
    send(what);
    const { id } = only();
    await later(10_100);
    takeBack(id);
    discard(id);
    expect(only()).toMatchObject({ id, state: 'failed', isTried: true });
    tryNow(id);
    await later(10);
    expect(post.say.mock.calls.map(([one]) => one.id)).toEqual([id, id]);
    expect(kept()).toEqual([]);
  });

  it('gives back what had been seen when it was begun', async () => {
    const { send, takeBack } = await page();
    send({ ...what, seen: '2026-01-01T00:00:00Z' });
    takeBack(only().id);
    expect(draftOf('kim', 't', 'reply').seen).toBe('2026-01-01T00:00:00Z');
  });

  it('is sent though the browser has no room', async () => {
    const { send, post } = await page();
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    send(what);
    await later(10_100);
    expect(post.onSaid).toHaveBeenCalledOnce();
  });

  it('is sent by whoever wrote it and nobody else', async () => {
    const { send, post, Problem, comes } = await page();
    let fail: (error: unknown) => void = () => undefined;
    post.say.mockImplementationOnce(() => new Promise((_, reject) => (fail = reject)));
    send(what);
    const { id } = only();
    await later(10_100);
    comes();
    fail(new Problem(401, {}));
    await later(10);
    comes('lu');
    await later(60_000);
    expect(post.say).toHaveBeenCalledOnce();
    expect(only()).toMatchObject({ id, person: 'kim' });
    comes();
    comes('kim');
    await later(10);
    expect(post.say.mock.calls.map(([one]) => one.id)).toEqual([id, id]);
    expect(kept()).toEqual([]);
  });

  it('that is said after its author went is not shown to who came, and its status waits', async () => {
    const { send, post, comes } = await page();
    let answer: (one: Comment) => void = () => undefined;
    post.say.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    send({ ...what, status: 'closed' });
    await later(10_100);
    comes();
    comes('lu');
    answer(comment);
    await later(10);
    expect([post.onSaid, post.setStatus].map((one) => one.mock.calls.length)).toEqual([0, 0]);
    comes();
    comes('kim');
    await later(10);
    expect([post.say, post.setStatus].map((one) => one.mock.calls.length)).toEqual([1, 1]);
    expect(kept()).toEqual([]);
  });

  it('comes behind what was said before it', async () => {
    const { send, tryNow, post } = await page();
    let answer: (one: Comment) => void = () => undefined;
    post.say.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    send(what);
    send({ ...what, text: 'second' });
    const second = kept().find((one) => one.text === 'second');
    tryNow(second?.id ?? '');
    await later(3_000);
    expect(post.say.mock.calls.map(([one]) => one.text)).toEqual(['hello']);
    answer(comment);
    await later(1_000);
    expect(post.say.mock.calls.map(([one]) => one.text)).toEqual(['hello', 'second']);
  });
});

describe('a page that goes', () => {
  it('sends what waits at once, and the next page asks again under the same key', async () => {
    const first = await page();
    first.send(what);
    const { id } = only();
    dispatchEvent(new Event('pagehide'));
    expect(first.post.sayAtOnce.mock.calls.map(([one]) => one.id)).toEqual([id]);
    gone();
    const second = await page();
    await later(10);
    expect(second.post.say.mock.calls.map(([one]) => one.id)).toEqual([id]);
    expect(kept()).toEqual([]);
  });

  it('leaves the status to the next one, which sets it once the message is said', async () => {
    const first = await page();
    first.send({ ...what, status: 'closed' });
    dispatchEvent(new Event('pagehide'));
    gone();
    const second = await page();
    await later(10);
    expect(first.post.setStatus).not.toHaveBeenCalled();
    expect(second.post.setStatus).toHaveBeenCalledOnce();
    expect(second.post.say.mock.invocationCallOrder[0]).toBeLessThan(
      second.post.setStatus.mock.invocationCallOrder[0] ?? 0,
    );
  });

  it('leaves it to one that is there already', async () => {
    const first = await page();
    first.send(what);
    const there = await page();
    dispatchEvent(new Event('pagehide'));
    const [ofFirst = ''] = held;
    held.delete(ofFirst);
    first.comes();
    dispatchEvent(new StorageEvent('storage', { key: `outbox.${only().id}`, newValue: '{}' }));
    await later(15_100);
    expect(there.post.say).toHaveBeenCalledOnce();
    expect(kept()).toEqual([]);
  });

  it('leaves a draft where it can’t send, or was killed', async () => {
    const first = await page();
    first.post.sayAtOnce.mockReturnValue(false);
    first.send(what);
    dispatchEvent(new Event('pagehide'));
    gone();
    const second = await page();
    await later(20_000);
    expect(second.post.say).not.toHaveBeenCalled();
    expect(draftOf('kim', 't', 'reply').text).toBe('hello');
  });

  it('leaves a draft of what the desk may no longer know the key of', async () => {
    const first = await page();
    first.post.say.mockRejectedValue(new first.Problem(0, {}));
    first.send(what);
    await later(10_100);
    gone();
    vi.setSystemTime(Date.now() + 24 * 3_600_000);
    const second = await page();
    await later(20_000);
    expect(second.post.say).not.toHaveBeenCalled();
    expect(draftOf('kim', 't', 'reply').text).toBe('hello');
  });

  it('leaves what waits at another page to that', async () => {
    const first = await page();
    first.send(what);
    const second = await page();
    await later(20_000);
    expect(first.post.say).toHaveBeenCalledOnce();
    expect(second.post.say).not.toHaveBeenCalled();
    expect(draftOf('kim', 't', 'reply').text).toBe('');
  });

  it('leaves what is another’s alone', async () => {
    localStorage.setItem(
      'outbox.x',
      JSON.stringify({ ...what, id: 'x', person: 'lu', state: 'sending', page: 'gone' }),
    );
    const { post } = await page();
    await later(1_000);
    expect(post.say).not.toHaveBeenCalled();
    expect(only().person).toBe('lu');
  });
});
