import { renderHook } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { keptDraft, useKeeping } from './kept';
import { newDraft } from './model/draft';

const named = (name: string) => ({ ...newDraft(), name });

function keeping(start: { id: string; name: string; version?: number; isChanged: boolean }) {
  return renderHook(
    ({ id, name, version, isChanged }: typeof start) => useKeeping(id, named(name), version, isChanged),
    { initialProps: start },
  );
}

describe('useKeeping', () => {
  beforeEach(() => localStorage.clear());

  it('keeps what is left unsaved', () => {
    keeping({ id: 'new', name: 'Night shift', isChanged: true }).unmount();
    expect(keptDraft('new')?.draft.name).toBe('Night shift');
  });

  it('keeps nothing of what was forgotten, whoever leaves when', () => {
    vi.useFakeTimers();
    const { result, unmount } = keeping({ id: 'new', name: 'Night shift', isChanged: true });
    result.current();
    vi.runAllTimers();
    expect(keptDraft('new')).toBeUndefined();
    unmount();
    expect(keptDraft('new')).toBeUndefined();
    vi.useRealTimers();
  });

  it('keeps what was written since by the rule that was made meanwhile', () => {
    const { result, rerender, unmount } = keeping({ id: 'new', name: 'Night shift', isChanged: true });
    result.current();
    rerender({ id: '7', name: 'Night shifts', version: 1, isChanged: true });
    unmount();
    expect(keptDraft('new')).toBeUndefined();
    expect(keptDraft('7')).toMatchObject({ version: 1, draft: { name: 'Night shifts' } });
  });
});
