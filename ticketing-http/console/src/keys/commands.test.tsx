import { act, renderHook } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { useAllCommands, useCommands, type Command } from './commands';

const command = (id: string, more: Partial<Command> = {}): Command => ({
  id,
  title: id,
  group: '',
  run: () => undefined,
  ...more,
});

it('has a screen’s command before the frame’s of that id, whichever came later', () => {
  const screen = vi.fn();
  renderHook(() => useCommands([command('time.log', { keys: ['n'], run: screen })]));
  renderHook(() => useCommands([command('time.log'), command('timer.go')], true));
  const all = renderHook(useAllCommands).result.current;
  expect(all.map(({ id, keys }) => [id, keys])).toEqual([
    ['time.log', ['n']],
    ['timer.go', undefined],
  ]);
  act(() => all[0]?.run());
  expect(screen).toHaveBeenCalledOnce();
});
