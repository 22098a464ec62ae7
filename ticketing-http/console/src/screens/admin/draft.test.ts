import { describe, expect, it } from 'vitest';
import { Problem } from '../../api/problem';
import { errorsOf, restOf, without } from './draft';

const problem = new Problem(422, {
  detail: '3 fields can’t be accepted.',
  errors: [
    { field: 'imap.host', code: 'required', message: 'May not be empty.' },
    { field: 'aliases[1]', code: 'not_an_address', message: 'Is not an address.' },
    { field: 'name', code: 'required', message: 'May not be empty.' },
    { field: 'colour', code: 'invalid_value', message: 'Must be a colour.' },
  ],
});

describe('errorsOf', () => {
  it('says what is inside of a field by its rest', () => {
    expect(errorsOf(problem, 'imap')).toBe('host: May not be empty.');
    expect(errorsOf(problem, 'aliases')).toBe('[1]: Is not an address.');
    expect(errorsOf(problem, 'name')).toBe('May not be empty.');
  });
  it('takes no field for another that begins alike', () => {
    expect(errorsOf(problem, 'col')).toBeUndefined();
  });
});

describe('restOf', () => {
  it('is what no field shows', () => {
    expect(restOf(problem, ['imap', 'aliases', 'name'])).toBe('colour: Must be a colour.');
    expect(restOf(problem, ['imap', 'aliases', 'name', 'colour'])).toBeUndefined();
  });
  it('is the problem itself where it names no field', () => {
    expect(restOf(new Problem(409, { detail: 'There are enough.' }), ['name'])).toBe('There are enough.');
    expect(restOf(undefined, [])).toBeUndefined();
  });
});

describe('without', () => {
  it('forgets what was said of a field that is written anew', () => {
    const left = without(problem, ['imap', 'name', 'aliases']);
    expect(left?.field('colour')).toBe('Must be a colour.');
    expect(errorsOf(left, 'imap')).toBeUndefined();
  });
  it('is nothing when that was all, and the same where it was about something else', () => {
    expect(without(problem, ['imap', 'name', 'aliases', 'colour'])).toBeUndefined();
    const stale = new Problem(412, {});
    expect(without(stale, ['name'])).toBe(stale);
  });
});
