import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import type * as Live from '../../api/live';
import type * as Session from '../../api/session';
import { askCounts } from './ask';
import { useQueueCounts } from './counts';

const heard = new Set<() => void>();
vi.mock('../../api/live', async (original) => ({
  ...(await original<typeof Live>()),
  on: (_: string, listener: () => void) => {
    heard.add(listener);
    return () => heard.delete(listener);
  },
}));
vi.mock('../../api/session', async (original) => ({
  ...(await original<typeof Session>()),
  useMe: () => ({ role: 'agent' }),
}));
vi.mock('./ask', () => ({ askCounts: vi.fn(() => Promise.resolve({ mine: { count: 1, is_capped: false } })) }));

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
  const client = new QueryClient();
  const { unmount } = renderHook(() => useQueueCounts(), {
    wrapper: ({ children }: { children: ReactNode }) => (
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
    ),
  });
  await act(() => vi.advanceTimersByTimeAsync(10));
  expect(askCounts).toHaveBeenCalledTimes(1);

  await turn('hidden');
  const before = listens.mock.calls.length;
  for (let at = 0; at < 5; at += 1) {
    for (const listener of heard) listener();
    await act(() => vi.advanceTimersByTimeAsync(30_000));
  }
  expect(askCounts).toHaveBeenCalledTimes(1);
  expect(listens.mock.calls.length).toBe(before);
  await turn('visible');
  expect(askCounts).toHaveBeenCalledTimes(2);
  await turn('hidden');
  await turn('visible');
  expect(askCounts).toHaveBeenCalledTimes(2);

  for (const listener of heard) listener();
  await act(() => vi.advanceTimersByTimeAsync(30_000));
  expect(askCounts).toHaveBeenCalledTimes(3);
  unmount();
  expect(heard.size).toBe(0);
});
