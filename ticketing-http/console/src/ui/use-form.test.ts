import { act, renderHook } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { Problem } from '../api/problem';
import { useForm } from './use-form';

interface Stored {
  name: string;
  colour: string;
  version: number;
}
type Draft = Omit<Stored, 'version'>;

const stored: Stored = { name: 'Alba', colour: 'red', version: 3 };
const theirs: Stored = { name: 'Alba', colour: 'blue', version: 4 };
const refused = (status: number, errors: Problem['body']['errors'] = []) => new Problem(status, { errors });

function formOf(start: Stored | undefined) {
  const calls = {
    create: vi.fn<(body: Draft, header: object) => Promise<Stored>>(),
    change: vi.fn<(part: Partial<Draft>, before: Stored, whole: Draft) => Promise<Stored>>(),
    onSaved: vi.fn(),
    onTheirs: vi.fn(),
    onMade: vi.fn(),
  };
  const options = {
    stored: start,
    read: (one: Stored | undefined): Draft => ({ name: one?.name ?? '', colour: one?.colour ?? 'red' }),
    write: (draft: Draft) => draft,
    load: () => Promise.resolve(theirs),
    ...calls,
  };
  const { result } = renderHook(() => useForm(options));
  /** Does it, and waits for what follows. */
  const settled = (work: () => void) =>
    act(() => {
      work();
      return Promise.resolve();
    });
  const save = () => settled(() => result.current.save());
  const set = (part: Partial<Draft>) => act(() => result.current.set(part));
  return { calls, result, save, set, settled };
}

describe('useForm', () => {
  it('sends what differs, and goes on from what was saved', async () => {
    const { calls, result, save, set } = formOf(stored);
    expect(result.current.isDirty).toBe(false);
    set({ name: 'Alba 2' });
    calls.change.mockResolvedValue({ ...stored, name: 'Alba 2', version: 4 });
    await save();
    expect(calls.change).toHaveBeenCalledWith({ name: 'Alba 2' }, stored, { name: 'Alba 2', colour: 'red' });
    expect(result.current.isDirty).toBe(false);
    expect(calls.onSaved).toHaveBeenCalledOnce();
  });

  it('says what is wrong at its field until that is written anew, and of other fields to the whole', async () => {
    const { calls, result, save, set } = formOf(stored);
    set({ name: 'a'.repeat(300) });
    calls.change.mockRejectedValue(
      refused(422, [
        { field: 'name', code: 'too_long', message: 'May have at most 200 characters; has 300.' },
        { field: 'version', code: 'type', message: 'Must be a whole number.' },
      ]),
    );
    await save();
    expect(result.current.error('name')).toBe('May have at most 200 characters; has 300.');
    expect(result.current.failure).toBe('Some of this can’t be accepted. version: Must be a whole number.');
    expect(result.current.failures).toBe(1);
    set({ name: 'Alba' });
    expect(result.current.error('name')).toBeUndefined();
  });

  it('puts mine over theirs where it differs, and leaves the rest as they have it', async () => {
    const { calls, result, save, set, settled } = formOf(stored);
    set({ name: 'Mine' });
    calls.change.mockRejectedValueOnce(refused(412));
    await save();
    expect(result.current.conflict?.fields).toEqual(['colour']);
    calls.change.mockResolvedValue({ ...theirs, name: 'Mine', version: 5 });
    await settled(() => result.current.conflict?.putMine());
    expect(calls.change).toHaveBeenLastCalledWith({ name: 'Mine' }, theirs, { name: 'Mine', colour: 'blue' });
    expect(result.current.draft).toEqual({ name: 'Mine', colour: 'blue' });
    expect(result.current.conflict).toBeUndefined();
  });

  it('shows theirs without saying that anything was saved', async () => {
    const { calls, result, save, set, settled } = formOf(stored);
    set({ name: 'Mine' });
    calls.change.mockRejectedValueOnce(refused(412));
    await save();
    await settled(() => result.current.conflict?.takeTheirs());
    expect(calls.onTheirs).toHaveBeenCalledWith(theirs);
    expect(calls.onSaved).not.toHaveBeenCalled();
    expect(result.current.draft).toEqual({ name: 'Alba', colour: 'blue' });
  });

  it('goes to what was made once nothing is left that was typed while it was sent', async () => {
    const { calls, result, save, set, settled } = formOf(undefined);
    set({ name: ' New ' });
    let answer: (made: Stored) => void = () => undefined;
    calls.create.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    await save();
    set({ colour: 'green' });
    const made = { name: 'New', colour: 'red', version: 1 };
    await settled(() => answer(made));
    expect(calls.onSaved).toHaveBeenCalledWith(made, true);
    expect(result.current.draft).toEqual({ name: 'New', colour: 'green' });
    expect(calls.onMade).not.toHaveBeenCalled();
    const changed = { ...made, colour: 'green', version: 2 };
    calls.change.mockResolvedValue(changed);
    await save();
    expect(calls.change).toHaveBeenCalledWith({ colour: 'green' }, made, { name: 'New', colour: 'green' });
    expect(calls.onMade).toHaveBeenCalledExactlyOnceWith(changed);
  });

  it('goes on from what was stored by another way with what was changed here alone', () => {
    const { result, set } = formOf(stored);
    set({ name: 'Mine' });
    act(() => result.current.rebase(theirs));
    expect(result.current.draft).toEqual({ name: 'Mine', colour: 'blue' });
    act(() => result.current.discard());
    expect(result.current.draft).toEqual({ name: 'Alba', colour: 'blue' });
    act(() => result.current.rebase({ ...theirs, colour: 'grey' }, ({ name }) => ({ name: name ?? 'Untouched' })));
    expect(result.current.draft).toEqual({ name: 'Untouched', colour: 'grey' });
  });

  it('makes the same content once, however often it is sent', async () => {
    const { calls, result, save, set } = formOf(undefined);
    expect(result.current.isNew).toBe(true);
    set({ name: 'New' });
    calls.create.mockRejectedValue(refused(0));
    await save();
    await save();
    set({ name: 'Newer' });
    await save();
    const keys = calls.create.mock.calls.map(([, header]) => JSON.stringify(header));
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });
});
