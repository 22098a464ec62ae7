import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { Problem } from '../api/problem';
import { faultText } from './fault';
import { problemWords } from './fault-german';
import { errorAt, messagesIn, sortErrors, unplacedText } from './field-text';
import { reason } from './toast';

const faults = [
  { field: 'imap.host', code: 'required', message: 'May not be empty.' },
  { field: 'aliases[1]', code: 'not_an_address', message: 'Is not an email address.' },
  { field: 'name', code: 'too_long', message: 'May have at most 100 characters; has 120.' },
] as const;
const problem = new Problem(422, { detail: '3 fields can’t be accepted.', errors: [...faults] });
const inGerman = () => vi.spyOn(navigator, 'language', 'get').mockReturnValue('de-AT');

describe('faultText', () => {
  it('has the server’s words in English where they say more', () => {
    expect(faultText(faults[2])).toBe('May have at most 100 characters; has 120.');
    expect(faultText(faults[1])).toBe('This is not an email address.');
  });
  it('says in German what kind of fault it is, and what that leaves open', async () => {
    inGerman();
    await vi.waitUntil(() => faultText(faults[2]) !== faults[2].message);
    expect(faultText(faults[1])).toBe('Das ist keine E-Mail-Adresse.');
    expect(faultText(faults[2])).toBe('Das ist zu lang. (May have at most 100 characters; has 120.)');
  });
  it('has the server’s words for a code that it does not know, and those of the page', () => {
    inGerman();
    expect(faultText({ field: 'a', code: 'of_tomorrow', message: 'Is of tomorrow.' })).toBe('Is of tomorrow.');
    expect(faultText({ field: 'a', message: 'Das ist kein JSON.' })).toBe('Das ist kein JSON.');
  });
});

describe('reason', () => {
  const of = (code: string, detail: string) => reason(new Problem(409, { type: `/problems/${code}`, detail }));
  const blocked = '2 open tickets block this one: TKT-7, TKT-9. Say ignore_blockers to go on.';
  const stale = 'If-Match does not name the stored version, which is 7.';

  it('has the server’s words in English, but those that are for programs', () => {
    expect(of('ticket_closed', 'The ticket is closed.')).toBe('The ticket is closed.');
    expect(of('stale_version', stale)).toBe('Somebody else has changed this meanwhile. Look at it, then try again.');
    expect(of('open_blockers', blocked)).toBe('2 open tickets block this one: TKT-7, TKT-9.');
  });

  it('says in German what kind of problem it is, and what that leaves open', async () => {
    inGerman();
    await vi.waitUntil(() => of('ticket_closed', '') === 'Das Ticket ist geschlossen.');
    expect(of('in_use', 'Sales works by this calendar.')).toBe(
      'Das wird noch verwendet. (Sales works by this calendar.)',
    );
    expect(of('open_blockers', blocked)).toBe('Offene Tickets blockieren dieses: TKT-7, TKT-9.');
    expect(of('of_tomorrow', 'It is of tomorrow.')).toBe('It is of tomorrow.');
  });

  it('has words in German for all that the server’s guide names', () => {
    const rows = readFileSync('../../docs/API.md', 'utf8').match(/^\| [45]\d\d.*\|$/gm) ?? [];
    const codes = rows.flatMap((row) => [...(row.split('|')[2] ?? '').matchAll(/`(\w+)`/g)].map((one) => one[1] ?? ''));
    expect(codes.length).toBeGreaterThan(30);
    expect(codes.filter((code) => problemWords(code, '') === undefined)).toEqual([]);
  });
});

describe('messagesIn', () => {
  it('says of what is inside of a field which it is: an entry by itself, all else by its name', () => {
    const lines = ['a@x.example', 'b'];
    expect(messagesIn([{ field: 'aliases[1]', message: 'Wrong.' }], 'aliases', lines)).toBe('b: Wrong.');
    expect(messagesIn([{ field: 'imap.host', message: 'Empty.' }], 'imap')).toBe('host: Empty.');
    expect(messagesIn([{ field: 'name', message: 'Empty.' }], 'name')).toBe('Empty.');
    expect(messagesIn([], 'name')).toBeUndefined();
  });
});

it('says to the whole of a form what stands at none of its fields', () => {
  const isPlaced = (field: string) => !field.startsWith('imap');
  expect(unplacedText(faults, isPlaced)).toBe('Some of this can’t be accepted. imap.host: Please fill this in.');
});

it('sorts what is wrong by field', () => {
  expect(sortErrors(problem, ['name', 'imap.host'])).toEqual({
    errors: { 'imap.host': 'Please fill this in.', name: faults[2].message },
    rest: 'This is not an email address.',
  });
  expect(errorAt(problem, 'name')).toBe(faults[2].message);
  expect(errorAt(problem, 'colour')).toBeUndefined();
  expect(errorAt(new Error('away'), 'name')).toBeUndefined();
});
