import { describe, expect, it, vi } from 'vitest';
import { Problem } from '../api/problem';
import { makeOnce, type Once } from './use-once';

describe('useOnce', () => {
  it('sends the same content under the same key until it is done', async () => {
    const send = vi.fn<(header: Once) => Promise<string>>();
    const keys = () => send.mock.calls.map(([header]) => header['Idempotency-Key']);
    const sendOnce = makeOnce();
    send.mockRejectedValueOnce(new Problem(0, {})).mockResolvedValue('done');
    await expect(sendOnce({ name: 'A' }, send)).rejects.toThrow();
    expect(await sendOnce({ name: 'A' }, send)).toBe('done');
    expect(keys()[1]).toBe(keys()[0]);
    // It is meant to be done again.
    await sendOnce({ name: 'A' }, send);
    expect(keys()[2]).not.toBe(keys()[0]);
  });

  it('takes another key for other content, and after what was done although its answer is not told', async () => {
    const send = vi.fn<(header: Once) => Promise<string>>();
    const sendOnce = makeOnce();
    send.mockRejectedValueOnce(new Problem(503, {}));
    send.mockRejectedValueOnce(new Problem(409, { type: 'https://desk.example/problems#not_repeatable' }));
    send.mockResolvedValue('done');
    for (const name of ['A', 'B']) await expect(sendOnce({ name }, send)).rejects.toThrow();
    await sendOnce({ name: 'B' }, send);
    expect(new Set(send.mock.calls.map(([header]) => header['Idempotency-Key'])).size).toBe(3);
  });

  it('gives the answer that is on its way to who asks again, and asks for other content beside it', async () => {
    const sendOnce = makeOnce();
    let answer = (_: string) => undefined as unknown;
    const send = vi.fn(() => new Promise<string>((done) => (answer = done)));
    const held = [1, 2, 3].map(() => sendOnce({ name: 'A' }, send));
    expect(send).toHaveBeenCalledTimes(1);
    answer('done');
    expect(await Promise.all(held)).toEqual(['done', 'done', 'done']);
    void sendOnce({ name: 'A' }, send);
    void sendOnce({ name: 'B' }, send);
    expect(send).toHaveBeenCalledTimes(3);
  });
});
