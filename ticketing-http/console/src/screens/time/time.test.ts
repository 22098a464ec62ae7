import { describe, expect, test, vi } from 'vitest';
import type * as Language from '../../text/language';
import { amountText, clockText, readAmount, sumOf, toHours } from './amount';
import { isoDate } from '../../format';
import { addDays, addMonths, isDay, momentAt, monthWeeks, today, weekOf } from './days';
import { emptyDraft, hasSameEnds, readEntry, startOn, writeDraft, type Entry } from './draft';
import { decimalsOf, moneyText, readMoney, written } from './money';

// Clocks are set here twice a year.
vi.mock('../../text/language', async (original) => ({
  ...(await original<typeof Language>()),
  timeZone: () => 'Europe/Berlin',
}));

describe('how much it was', () => {
  test.each([
    ['1h 30m', 150],
    ['1h30', 150],
    ['1:30', 150],
    ['90m', 150],
    ['90 min', 150],
    ['1.5', 150],
    ['1,5', 150],
    ['1,5 Std', 150],
    ['2 h', 200],
    ['0.01', 1],
    ['24', 2_400],
    ['20m', 33],
    ['50m', 83],
    ['1:20', 133],
    ['0:10', 17],
    ['1.15', 115],
    ['0.29', 29],
    ['4.35h', 435],
  ])('%s', (text, hundredths) => expect(readAmount(text)).toBe(hundredths));

  test.each([
    '',
    'x',
    '0',
    '0m',
    '24.01',
    '25',
    '90',
    '1.555',
    '1:75',
    '1.5h 30m',
    '-1',
    '1 2',
    '1.h',
    '1h 30s',
    '9e9',
  ])('nothing of “%s”', (text) => expect(readAmount(text)).toBeUndefined());

  test('hundredths are told as they are, and add up', () => {
    for (let n = 1; n <= 2_400; n += 1) expect(JSON.stringify(toHours(n))).toBe(String(n / 100));
    expect(sumOf([{ hours: 0.17 }, { hours: 0.17 }, { hours: 0.17 }])).toBe(51);
    expect(amountText(150)).toMatch(/^1[.,]50\u202fh$/);
  });

  test('a clock', () => {
    expect(clockText(9)).toBe('0:00:09');
    expect(clockText(36_610)).toBe('10:10:10');
  });
});

describe('money', () => {
  test('is written in whole units, by the decimals of its currency', () => {
    expect(written({ amount_minor: 8_500, currency: 'EUR' })).toBe('85.00');
    expect(written({ amount_minor: 5, currency: 'EUR' })).toBe('0.05');
    expect(written({ amount_minor: 1_500, currency: 'JPY' })).toBe('1500');
    expect(written({ amount_minor: 1_500, currency: 'KWD' })).toBe('1.500');
    expect(decimalsOf('JPY')).toBe(0);
    // By their unit, not by how prices are written: browsers say 0 of both.
    expect(written({ amount_minor: 1_500, currency: 'IQD' })).toBe('1.500');
    expect(moneyText({ amount_minor: 8_505, currency: 'LBP' })).toMatch(/85[.,]05/);
    expect(moneyText({ amount_minor: 8_505, currency: 'EUR' })).toContain('85');
    // More than a number holds exactly.
    expect(moneyText({ amount_minor: 9_007_199_254_740_991, currency: 'EUR' }).replaceAll(/\D/g, '')).toBe(
      '9007199254740991',
    );
  });

  test('is read as people write it', () => {
    expect(readMoney('85', 'EUR')).toBe(8_500);
    expect(readMoney('85.5', 'EUR')).toBe(8_550);
    expect(readMoney('85,05', 'EUR')).toBe(8_505);
    expect(readMoney('1.15', 'EUR')).toBe(115);
    expect(readMoney('85.005', 'EUR')).toBeUndefined();
    expect(readMoney('85.5', 'JPY')).toBeUndefined();
    expect(readMoney('85', 'JPY')).toBe(85);
    expect(readMoney('', 'EUR')).toBeUndefined();
    expect(readMoney('-1', 'EUR')).toBeUndefined();
  });
});

describe('days', () => {
  test('weeks begin on Monday, and months are whole weeks', () => {
    expect(weekOf('2026-11-29')).toEqual([
      ...['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27', '2026-11-28', '2026-11-29'],
    ]);
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-01');
    expect(addMonths('2026-01-31', -1)).toBe('2025-12-01');
    const november = monthWeeks('2026-11-15');
    expect(november[0]?.[0]).toBe('2026-10-26');
    expect(november.at(-1)?.[6]).toBe('2026-12-06');
  });

  test('only days that there are', () => {
    expect(isDay('2026-02-28')).toBe(true);
    expect(isDay('2026-02-30')).toBe(false);
    expect(isDay('tomorrow')).toBe(false);
    expect(isDay(undefined)).toBe(false);
  });
});

const ENTRY = {
  hours: 1.5,
  description: null,
  billable: true,
  started_at: momentAt('2026-11-20', '09:30').replace(':00.000Z', ':13.000Z'),
  ended_at: momentAt('2026-11-20', '11:00').replace(':00.000Z', ':47.000Z'),
  created_at: '2026-11-20T12:00:00Z',
} as Entry;

describe('an entry in a form', () => {
  test('what nobody touched is sent as it was, with its seconds', () => {
    const draft = readEntry(ENTRY);
    expect(draft.says).toBe('ends');
    expect([draft.started_at, draft.ended_at]).toEqual(['09:30', '11:00']);
    expect(writeDraft(draft, ENTRY)).toMatchObject({ started_at: ENTRY.started_at, ended_at: ENTRY.ended_at });
    expect(writeDraft({ ...draft, ended_at: '11:30' }, ENTRY)).toMatchObject({
      started_at: ENTRY.started_at,
      ended_at: momentAt('2026-11-20', '11:30'),
    });
    expect(writeDraft(draft, ENTRY)).not.toHaveProperty('hours');
  });

  test('an amount takes the end away, and stays where it was', () => {
    expect(writeDraft({ ...readEntry(ENTRY), says: 'amount', hours: '2h' }, ENTRY)).toMatchObject({
      hours: 2,
      started_at: ENTRY.started_at,
      ended_at: null,
    });
  });

  test('what ends before it began ended on the next day', () => {
    const body = writeDraft({
      ...emptyDraft('2026-11-20', false),
      says: 'ends',
      started_at: '23:00',
      ended_at: '01:00',
    });
    expect(Date.parse(body.ended_at ?? '') - Date.parse(body.started_at ?? '')).toBe(2 * 3_600_000);
  });

  test('is as long as the clock says, also in the nights in which clocks are set', () => {
    const hours = (day: string, started_at: string, ended_at: string) => {
      const body = writeDraft({ ...emptyDraft(day, false), says: 'ends', started_at, ended_at });
      return (Date.parse(body.ended_at ?? '') - Date.parse(body.started_at ?? '')) / 3_600_000;
    };
    expect(hours('2026-03-29', '01:30', '03:30')).toBe(1);
    expect(hours('2026-10-25', '01:30', '03:30')).toBe(3);
    expect(hours('2026-03-28', '23:00', '06:00')).toBe(6);
    expect(startOn('2026-03-29')).toBe('2026-03-29T10:00:00.000Z');
    expect(startOn('2026-10-25')).toBe('2026-10-25T11:00:00.000Z');
  });

  test('time of another day begins on it; of today, when it is logged', () => {
    const { started_at } = writeDraft({ ...emptyDraft('2026-11-20', false), hours: '1' });
    expect(isoDate(started_at ?? '')).toBe('2026-11-20');
    expect(writeDraft({ ...emptyDraft(today(), false), hours: '1' }).started_at).toBeNull();
  });

  test('what is moved to today counts today, and what is moved back on that day', () => {
    const amount = { ...ENTRY, ended_at: null };
    for (const day of [today(), addDays(today(), -1), '2026-11-19']) {
      const { started_at } = writeDraft({ ...readEntry(amount), day }, amount);
      expect(isoDate(started_at ?? '')).toBe(day);
    }
    // Of time that was logged today and said no beginning, another day is one.
    const said = { ...amount, started_at: null, created_at: new Date().toISOString() };
    expect(writeDraft(readEntry(said), said).started_at).toBeNull();
    expect(writeDraft({ ...readEntry(said), day: '2026-11-19' }, said).started_at).toBe(startOn('2026-11-19'));
  });

  test('ends within one minute, or a whole day apart, are as they were until somebody touches them', () => {
    const short = { ...ENTRY, ended_at: ENTRY.started_at?.replace(':13.000Z', ':52.000Z') ?? null };
    const whole = { ...ENTRY, ended_at: new Date(Date.parse(ENTRY.started_at ?? '') + 24 * 3_600_000).toISOString() };
    for (const entry of [short, whole]) {
      const draft = readEntry(entry);
      expect(draft.ended_at).toBe(draft.started_at);
      expect(hasSameEnds({ ...draft, description: 'Looked' }, draft)).toBe(true);
      expect(writeDraft({ ...draft, description: 'Looked' }, entry)).toMatchObject({
        started_at: entry.started_at,
        ended_at: entry.ended_at,
      });
      expect(hasSameEnds({ ...draft, day: '2026-11-21' }, draft)).toBe(false);
      expect(hasSameEnds({ ...draft, started_at: '09:31', ended_at: '09:31' }, draft)).toBe(false);
      expect(hasSameEnds(draft, { ...draft, says: 'amount' })).toBe(false);
    }
  });
});
