import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { beforeEach, expect, it, vi } from 'vitest';
import { api } from '../../api/client';
import type * as Toast from '../../ui/toast';
import { toast } from '../../ui/toast';
import type { Ticket } from '../../api/types';
import { ticket } from './fixtures';
import { usePick } from './use-pick';

vi.mock('../../api/client', () => ({ api: { POST: vi.fn() }, ok: (answer: unknown) => answer, once: () => ({}) }));
vi.mock('../../ui/toast', async (original) => ({ ...(await original<typeof Toast>()), toast: vi.fn() }));

const no = (detail: string) => ({ ok: false, error: { detail } });
const yes = { ok: true };
let answers: ((outcomes: object[]) => void)[] = [];
beforeEach(() => {
  vi.useFakeTimers();
  vi.mocked(toast).mockClear();
  answers = [];
  vi.mocked(api.POST).mockImplementation(
    () => new Promise((answer) => answers.push((items) => answer({ items }))) as never,
  );
});

const settled = (work: () => unknown) =>
  act(async () => {
    void work();
    await vi.advanceTimersByTimeAsync(10);
  });
const [a, b, c] = [ticket({ id: 'a' }), ticket({ id: 'b' }), ticket({ id: 'c' })];

function list() {
  const client = new QueryClient({ defaultOptions: { mutations: { networkMode: 'always' } } });
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  let targets: Ticket[] = [];
  const onRefused = vi.fn();
  const { result, unmount } = renderHook(() => usePick(() => targets, onRefused), { wrapper });
  const change = (...of: Ticket[]) => {
    targets = of;
    return settled(() => result.current.change({ status: 'pending' }));
  };
  const answer = (...outcomes: object[]) => settled(() => answers.shift()?.(outcomes));
  const said = () => vi.mocked(toast).mock.calls.map(([message]) => message);
  return { result, unmount, onRefused, change, answer, said };
}

it('says of each of several changes what became of it', async () => {
  const { result, onRefused, change, answer, said } = list();
  await change(a);
  await change(b);
  await answer(no('It is merged.'));
  expect(said()).toEqual(['TKT-a: It is merged.']);
  await answer(yes);
  expect(said()).toEqual(['TKT-a: It is merged.', '1 ticket changed']);

  await change(a, b);
  await change(b, c);
  await answer(yes, no('No.'));
  await answer(yes, no('Not that.'));
  expect(result.current.outcome?.done).toBe(2);
  expect(result.current.outcome?.refused.map(({ why }) => why)).toEqual(['No.', 'Not that.']);
  expect(onRefused).toHaveBeenCalledTimes(2);
});

it('says it also to whoever has left the list, and of what was taken back', async () => {
  const { unmount, change, answer, said } = list();
  await change(a, b);
  unmount();
  await answer(yes, no('It is merged.'));
  expect(said()).toEqual(['1 ticket changed', 'TKT-b: It is merged.']);
  await settled(() => vi.mocked(toast).mock.calls[0]?.[1]?.action?.run());
  await answer(no('It is closed.'));
  expect(said().at(-1)).toBe('TKT-a: It is closed.');
});
