import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import type * as Live from '../../api/live';
import type * as Session from '../../api/session';
import { useViewCounts } from './counts';

const heard = new Set<(event: unknown) => void>();
vi.mock('../../api/live', async (original) => ({
  ...(await original<typeof Live>()),
  on: (_: string, listener: (event: unknown) => void) => {
    heard.add(listener);
    return () => heard.delete(listener);
  },
}));
vi.mock('../../api/session', async (original) => ({
  ...(await original<typeof Session>()),
  useMe: () => ({ id: 'amelie', role: 'agent' }),
}));
const ask = vi.hoisted(() => vi.fn());
vi.mock('../../api/client', () => ({
  api: { GET: ask },
  ok: (answer: unknown) => answer,
}));

afterEach(() => vi.useRealTimers());

it('counts once for all that happened while nobody looked', async () => {
  vi.useFakeTimers();
  const looks = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('visible');
  const listens = vi.spyOn(document, 'addEventListener');
  const turn = (to: DocumentVisibilityState) =>
    act(() => {
      looks.mockReturnValue(to);
      document.dispatchEvent(new Event('visibilitychange'));
      return vi.advanceTimersByTimeAsync(10);
    });
  ask.mockImplementation(() => Promise.resolve({ items: [{ view_id: '1', count: 1, is_capped: false }] }));
  const client = new QueryClient();
  const { unmount } = renderHook(() => useViewCounts(), {
    wrapper: ({ children }: { children: ReactNode }) => (
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
    ),
  });
  await act(() => vi.advanceTimersByTimeAsync(10));
  expect(ask).toHaveBeenCalledTimes(1);

  await turn('hidden');
  const before = listens.mock.calls.length;
  for (let at = 0; at < 5; at += 1) {
    for (const listener of heard) listener({ actor: null });
    await act(() => vi.advanceTimersByTimeAsync(30_000));
  }
  expect(ask).toHaveBeenCalledTimes(1);
  expect(listens.mock.calls.length).toBe(before);
  await turn('visible');
  expect(ask).toHaveBeenCalledTimes(2);
  await turn('hidden');
  await turn('visible');
  expect(ask).toHaveBeenCalledTimes(2);

  for (const listener of heard) listener({ actor: null });
  await act(() => vi.advanceTimersByTimeAsync(30_000));
  expect(ask).toHaveBeenCalledTimes(3);
  unmount();
  expect(heard.size).toBe(0);
});
