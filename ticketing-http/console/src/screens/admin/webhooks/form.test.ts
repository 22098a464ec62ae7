import { describe, expect, it } from 'vitest';
import { Problem } from '../../../api/problem';
import { makeSecret, parseFilter, patchOf } from './form';

const words = (why: string) => `no JSON: ${why}`;

describe('patchOf', () => {
  it('says only what was changed', () => {
    expect(patchOf({ name: 'Stock', retry_count: '2' }, 'default', words)).toEqual({ name: 'Stock', retry_count: 2 });
  });
  it('leaves a secret alone that is kept, and ends one that is removed', () => {
    expect(patchOf({ secret_key: { how: 'keep', text: '' } }, 'default', words)).toEqual({});
    expect(patchOf({ secret_key: { how: 'set', text: '' } }, 'default', words)).toEqual({});
    expect(patchOf({ secret_key: { how: 'remove', text: 'x' } }, 'default', words)).toEqual({ secret_key: null });
    expect(patchOf({ secret_key: { how: 'set', text: 'long' } }, 'default', words)).toEqual({ secret_key: 'long' });
  });
  it('sends headers that were set or taken off, and no values that nobody knows', () => {
    const headers = patchOf(
      {
        headers: [
          { name: 'X-Kept', value: '', how: 'keep', isStored: true },
          { name: 'X-Old', value: '', how: 'remove', isStored: true },
          { name: ' X-New ', value: 'v', how: 'set', isStored: false },
          { name: '', value: '', how: 'set', isStored: false },
        ],
      },
      'default',
      words,
    ).headers;
    expect(headers).toEqual({ 'X-Old': null, 'X-New': 'v' });
  });
  it('sends a template only where one is chosen', () => {
    expect(patchOf({ payload_template: '{}' }, 'slack', words)).toEqual({});
    expect(patchOf({ payload_template: '{}' }, 'template', words)).toEqual({ payload_template: '{}' });
  });
  it('hands what is no number to the server, which says so', () => {
    expect(patchOf({ timeout_ms: 'soon' }, 'default', words).timeout_ms).toBe(-1);
  });
});

describe('parseFilter', () => {
  it('is null where nothing stands', () => {
    expect(parseFilter(' \n', words)).toBeNull();
  });
  it('says at the field what is no JSON', () => {
    let problem: unknown;
    try {
      parseFilter('{"field":', words);
    } catch (error) {
      problem = error;
    }
    expect(problem).toBeInstanceOf(Problem);
    expect((problem as Problem).field('filter')).toMatch(/^no JSON: /);
  });
});

describe('makeSecret', () => {
  it('has 32 bytes, and is another each time', () => {
    const secret = makeSecret();
    expect(atob(secret.replace(/^whsec_/, ''))).toHaveLength(32);
    expect(makeSecret()).not.toBe(secret);
  });
});
