import { describe, expect, it } from 'vitest';
import { fieldMoment, fieldValue, momentOf, presets } from './snooze-times';

const berlin = 'Europe/Berlin';
const iso = (found: { id: string; at: Date }[]) =>
  Object.fromEntries(found.map(({ id, at }) => [id, at.toISOString()]));

describe('presets', () => {
  it('are by the clock of whoever looks', () => {
    // A Wednesday, 10:20 in Berlin.
    expect(iso(presets(new Date('2026-01-14T09:20:00Z'), berlin))).toEqual({
      later: '2026-01-14T12:00:00.000Z',
      evening: '2026-01-14T17:00:00.000Z',
      tomorrow: '2026-01-15T08:00:00.000Z',
      week: '2026-01-19T08:00:00.000Z',
    });
    expect(iso(presets(new Date('2026-01-14T09:20:00Z'), 'Asia/Tokyo'))).toMatchObject({
      tomorrow: '2026-01-15T00:00:00.000Z',
    });
  });

  it('leave out what is today where the day is over, and next week where that is tomorrow', () => {
    expect(Object.keys(iso(presets(new Date('2026-01-18T20:00:00Z'), berlin)))).toEqual(['tomorrow']);
  });

  it('find next Monday from a Monday', () => {
    expect(iso(presets(new Date('2026-01-19T08:00:00Z'), berlin))['week']).toBe('2026-01-26T08:00:00.000Z');
  });

  it('keep to nine in the morning across a change of the clocks and the end of a month', () => {
    expect(iso(presets(new Date('2026-03-28T12:00:00Z'), berlin))['tomorrow']).toBe('2026-03-29T07:00:00.000Z');
    expect(iso(presets(new Date('2026-01-31T12:00:00Z'), berlin))['tomorrow']).toBe('2026-02-01T08:00:00.000Z');
  });
});

describe('momentOf', () => {
  const at = (hour: number, minute: number, day = 29) =>
    momentOf({ year: 2026, month: 3, day, hour, minute }, berlin).toISOString();

  it('is right on both sides of a change of the clocks', () => {
    expect(at(1, 59)).toBe('2026-03-29T00:59:00.000Z');
    expect(at(3, 0)).toBe('2026-03-29T01:00:00.000Z');
    expect(at(23, 30, 28)).toBe('2026-03-28T22:30:00.000Z');
  });

  it('is a little later where the clock jumps over it', () => {
    expect(at(2, 30)).toBe('2026-03-29T01:30:00.000Z');
  });
});

describe('the field', () => {
  it('holds what it was given', () => {
    const moment = new Date('2026-07-01T06:05:00Z');
    expect(fieldValue(moment, berlin)).toBe('2026-07-01T08:05');
    expect(fieldMoment('2026-07-01T08:05', berlin)).toEqual(moment);
    expect(fieldMoment('', berlin)).toBeUndefined();
  });
});
