import { renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useAhead } from './ahead';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('asks again for what could not be had, and for nothing once it is there or nobody waits', async () => {
  let isAway = true;
  const load = vi.fn(() => (isAway ? Promise.reject(new Error('away')) : Promise.resolve()));
  renderHook(() => useAhead(load));
  expect(load).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(load).toHaveBeenCalledTimes(1);
  isAway = false;
  await vi.advanceTimersByTimeAsync(30_000);
  expect(load).toHaveBeenCalledTimes(2);

  isAway = true;
  const left = renderHook(() => useAhead(load));
  await vi.advanceTimersByTimeAsync(2_000);
  left.unmount();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(load).toHaveBeenCalledTimes(3);
});
