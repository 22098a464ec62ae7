import { describe, expect, it } from 'vitest';
import { changesOf, shownValue, subjectOf } from './changes';

const words = { nothing: '–', yes: 'yes', no: 'no' };
const show = (value: unknown) => shownValue(value, words, (at) => `at ${at}`);

describe('changesOf', () => {
  it('tells before from after', () => {
    expect(changesOf({ status: ['open', 'closed'], name: 'New' })).toEqual([
      { field: 'status', before: 'open', after: 'closed' },
      { field: 'name', before: null, after: 'New' },
    ]);
  });
  it('is empty where nothing changed', () => {
    expect(changesOf({})).toEqual([]);
    expect(changesOf(null)).toEqual([]);
  });
});

describe('shownValue', () => {
  it('is what people say', () => {
    expect(show(null)).toBe('–');
    expect(show('')).toBe('–');
    expect(show([])).toBe('–');
    expect(show(false)).toBe('no');
    expect(show(0)).toBe('0');
    expect(show(['a', 'b'])).toBe('a, b');
    expect(show({ a: 1 })).toBe('{"a":1}');
  });
  it('knows a moment from a text that begins like one', () => {
    expect(show('2026-11-27T20:25:06.340776Z')).toBe('at 2026-11-27T20:25:06.340776Z');
    expect(show('2026-11-27T20:25:06Z is too late')).toBe('2026-11-27T20:25:06Z is too late');
  });
});

it('takes a subject apart', () => {
  expect(subjectOf('ticket:1:2')).toEqual({ kind: 'ticket', id: '1:2' });
  expect(subjectOf('desk')).toEqual({ kind: 'desk', id: '' });
});
