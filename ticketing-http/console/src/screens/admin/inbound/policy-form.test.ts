import { expect, it } from 'vitest';
import { headersOf, readPolicy, writePolicy } from './policy-form';

it('comes back as it was', () => {
  const policy = {
    hold_strangers: true,
    status_words: false,
    blocked: ['a@x.example', '@y.example'],
    spam_headers: [{ name: 'X-Spam', begins: 'score: high' }],
    version: 1,
    updated_at: null,
  };
  const { version: _version, updated_at: _at, ...rest } = policy;
  expect(writePolicy(readPolicy(policy))).toEqual(rest);
});

it('keeps a line without a colon, for the server to refuse', () => {
  expect(headersOf('X-Spam-Flag\n\n')).toEqual([{ name: 'X-Spam-Flag', begins: '' }]);
});
