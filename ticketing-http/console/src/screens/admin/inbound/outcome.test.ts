import { expect, it } from 'vitest';
import { outcomeOf } from './outcome';

it('takes what it knows, and nothing that it does not', () => {
  expect(
    outcomeOf({
      state: 'new',
      cause: 'made_up',
      author: { id: '1', name: 'Emma', role: 'customer' },
      body: 'Hello',
      verdict: { spf: 'pass', dkim: 'odd' },
      is_spam: false,
    }),
  ).toEqual({
    state: 'new',
    cause: undefined,
    reason: undefined,
    author: 'Emma (customer)',
    ticketId: undefined,
    body: 'Hello',
    verdict: { spf: 'pass', dkim: 'none', dmarc: 'none' },
    isSpam: false,
  });
});

it('is whole where nobody speaks', () => {
  expect(outcomeOf({ state: 'refused', cause: 'blocked', author: null }).author).toBeUndefined();
});
