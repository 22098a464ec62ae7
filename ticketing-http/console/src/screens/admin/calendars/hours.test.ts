import { describe, expect, test } from 'vitest';
import {
  dayInfo,
  emptyWeek,
  nextSlot,
  plusMonths,
  readTime,
  weeksOf,
  worked,
  writtenWeek,
  wrongSlot,
  type Hours,
} from './hours';

test('times are read as people type them', () => {
  const times = { '9': '09:00', '930': '09:30', '9.30': '09:30', ' 17h ': '17:00', '1745': '17:45', '24': '24:00' };
  for (const [typed, time] of Object.entries(times)) expect(readTime(typed)).toBe(time);
  for (const typed of ['', '25', '9:60', '24:01', '9:3', 'nine', '12345']) expect(readTime(typed)).toBe(undefined);
});

test('a slot is held against those before it', () => {
  const slots = [
    { start: '09:00', end: '12:00' },
    { start: '12:00', end: '13' },
    { start: '11:30', end: '14:00' },
    { start: '18:00', end: '17:00' },
    { start: 'x', end: '17:00' },
    { start: '20:00', end: '' },
  ];
  expect(slots.map((_, at) => wrongSlot(slots, at))).toEqual([
    undefined,
    undefined,
    'overlap',
    'order',
    'start',
    'end',
  ]);
});

test('hours add up, and a further slot comes after the last', () => {
  expect(
    worked([
      { start: '9', end: '12' },
      { start: '13:00', end: '17:30' },
      { start: 'x', end: '9' },
    ]),
  ).toBe(450);
  expect(nextSlot([])).toEqual({ start: '09:00', end: '17:00' });
  expect(nextSlot([{ start: '09:00', end: '12:00' }])).toEqual({ start: '13:00', end: '17:00' });
  expect(nextSlot([{ start: '09:00', end: '24:00' }])).toEqual({ start: '23:00', end: '24:00' });
});

test('a week is sent as the API writes times', () => {
  const week = writtenWeek({ ...emptyWeek(), monday: [{ start: '9', end: '1730' }] });
  expect(week.monday).toEqual([{ start: '09:00', end: '17:30' }]);
});

describe('what a day is', () => {
  const usual = [{ start: '09:00', end: '17:00' }];
  const short = [{ start: '08:00', end: '13:00' }];
  const hours: Hours = {
    weekly_hours: { ...emptyWeek(), monday: usual, friday: usual },
    holidays: [
      { date: '--12-25', name: 'Christmas' },
      { date: '2026-05-15', name: 'Bridge' },
      { date: '--02-29', name: 'Leap' },
    ],
    periods: [
      { name: 'Summer', from: '2026-07-01', until: '2026-08-31', weekly_hours: { ...emptyWeek(), monday: short } },
    ],
  };

  test('by the week', () => {
    expect(dayInfo(hours, '2026-11-30')).toMatchObject({ day: 'monday', slots: usual, holiday: undefined });
    expect(dayInfo(hours, '2026-11-29')).toMatchObject({ day: 'sunday', slots: [] });
  });

  test('holidays are off, each year or once', () => {
    expect(dayInfo(hours, '2026-12-25')).toMatchObject({ day: 'friday', slots: [], holiday: 'Christmas' });
    expect(dayInfo(hours, '2026-05-15')).toMatchObject({ slots: [], holiday: 'Bridge' });
    expect(dayInfo(hours, '2027-05-14')).toMatchObject({ slots: usual, holiday: undefined });
    expect(dayInfo(hours, '2028-02-29').holiday).toBe('Leap');
  });

  test('in a season its hours count, first and last day included', () => {
    expect(dayInfo(hours, '2026-07-06').slots).toEqual(short);
    expect(dayInfo(hours, '2026-07-03').slots).toEqual([]);
    expect(dayInfo(hours, '2026-08-31').period?.name).toBe('Summer');
    expect(dayInfo(hours, '2026-09-01').period).toBe(undefined);
  });
});

test('months are laid out in weeks', () => {
  const february = weeksOf(2027, 1, 'monday');
  expect(february).toHaveLength(4);
  expect(february[0]?.[0]).toBe('2027-02-01');
  const sundays = weeksOf(2026, 10, 'sunday');
  expect(sundays[0]?.[0]).toBe('2026-11-01');
  expect(sundays.flat().filter(Boolean)).toHaveLength(30);
});

test('a month later is never two', () => {
  expect(plusMonths('2026-01-31', 1)).toBe('2026-02-28');
  expect(plusMonths('2026-03-15', -3)).toBe('2025-12-15');
});
