import { act, render } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useNow } from './time';

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

function Shown() {
  return <i>{useNow(10_000)}</i>;
}

it('has one timer for everybody who looks, and none when nobody does', () => {
  const page = render(
    <>
      <Shown />
      <Shown />
      <Shown />
    </>,
  );
  expect(vi.getTimerCount()).toBe(1);
  act(() => void vi.advanceTimersByTime(10_000));
  expect([...page.container.querySelectorAll('i')].map((one) => one.textContent)).toEqual(Array(3).fill('1010000'));
  page.unmount();
  expect(vi.getTimerCount()).toBe(0);
});

it('is right again after a while in which nobody looked', () => {
  render(<Shown />).unmount();
  vi.setSystemTime(5_000_000);
  expect(render(<Shown />).container.textContent).toBe('5000000');
});
