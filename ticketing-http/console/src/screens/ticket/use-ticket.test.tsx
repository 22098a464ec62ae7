import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { beforeEach, expect, it, vi } from 'vitest';
import { api } from '../../api/client';
import type * as Live from '../../api/live';
import type { Ticket } from '../../api/types';
import { ticket } from '../queue/fixtures';
import { ticketKey } from './place';
import { changeTicket } from './use-change-ticket';
import { useTicket } from './use-ticket';

const heard = new Map<string, (event: never) => void>();
vi.mock('../../api/live', async (original) => ({
  ...(await original<typeof Live>()),
  on: (name: string, listener: (event: never) => void) => heard.set(name, listener),
}));
vi.mock('../../api/client', () => ({
  api: { GET: vi.fn(), PATCH: vi.fn() },
  ok: (answer: unknown) => answer,
  ifVersion: () => ({}),
}));

const queries = new QueryClient({ defaultOptions: { queries: { networkMode: 'always', staleTime: 30_000 } } });
let answers: ((ticket: Ticket) => void)[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  queries.clear();
  answers = [];
  const ask = () => new Promise((answer) => answers.push(answer)) as never;
  vi.mocked(api.GET).mockImplementation(ask);
  vi.mocked(api.PATCH).mockImplementation(ask);
});

const settled = (work: () => unknown) =>
  act(async () => {
    void work();
    await vi.advanceTimersByTimeAsync(10);
  });
const made = (version: number, more: Partial<Ticket> = {}) => ticket({ id: '1', version, ...more });
const tell = (one: Ticket) => settled(() => heard.get('ticket')?.({ ticket: one } as never));
const answer = (one: Ticket) => settled(() => answers.shift()?.(one));

function page() {
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queries}>{children}</QueryClientProvider>
  );
  const { result, unmount } = renderHook(() => useTicket('TKT-1'), { wrapper });
  return { shown: () => result.current.data, unmount };
}

it('shows what was told before the answer, unless that is newer', async () => {
  const { shown } = page();
  await tell(made(3));
  expect(shown()?.version).toBe(3);
  await answer(made(2));
  expect(shown()?.version).toBe(3);
  await settled(() => queries.invalidateQueries());
  await answer(made(4));
  expect(shown()?.version).toBe(4);
});

it('leaves a change that is on its way where it is', async () => {
  const { shown } = page();
  await answer(made(1));
  await settled(() => changeTicket(queries, made(1), { priority: 'high' }));
  await tell(made(2, { subject: 'Other' }));
  expect(shown()).toMatchObject({ version: 2, subject: 'Other', priority: 'high' });
  // What is asked for meanwhile does not know of it either.
  await settled(() => queries.invalidateQueries());
  await settled(() => answers[1]?.(made(2, { subject: 'Other' })));
  expect(shown()).toMatchObject({ version: 2, priority: 'high' });
  await answer(made(3, { subject: 'Other', priority: 'high' }));
  expect(shown()).toMatchObject({ version: 3, priority: 'high' });
});

it('follows a ticket that one has left, and no other', async () => {
  const { unmount } = page();
  await answer(made(1));
  unmount();
  await tell(made(2));
  await tell(ticket({ id: '2' }));
  expect(queries.getQueryData<Ticket>(ticketKey('TKT-1'))?.version).toBe(2);
  expect(queries.getQueryData(ticketKey('TKT-2'))).toBeUndefined();
});
