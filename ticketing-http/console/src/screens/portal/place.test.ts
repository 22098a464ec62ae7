import type { InfiniteData } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import type { Page, Ticket } from '../../api/types';
import { placeTicket, type View } from './place';

const ticket = (id: string, version: number, more: Partial<Ticket> = {}) =>
  ({ id, version, status: 'open', customer_id: 'me', ...more }) as Ticket;
const list = (...pages: Ticket[][]): InfiniteData<Page<Ticket>> => ({
  pages: pages.map((items) => ({ items, next_cursor: null })),
  pageParams: pages.map(() => undefined),
});
const ids = (data: InfiniteData<Page<Ticket>> | undefined) =>
  data?.pages.map((page) => page.items.map((one) => `${one.id}${one.version}`));
const open: View = { show: 'open', customerId: undefined };

describe('placeTicket', () => {
  it('puts what changed on top, wherever it stood', () => {
    const data = list([ticket('a', 1), ticket('b', 1)], [ticket('c', 1)]);
    expect(ids(placeTicket(data, open, ticket('c', 2)))).toEqual([['c2', 'a1', 'b1'], []]);
    expect(ids(placeTicket(data, open, ticket('d', 1)))).toEqual([['d1', 'a1', 'b1'], ['c1']]);
  });

  it('leaves a newer version as it is', () => {
    const data = list([ticket('a', 3), ticket('b', 1)]);
    expect(placeTicket(data, open, ticket('a', 2))).toBe(data);
    expect(placeTicket(data, open, ticket('b', 1))).toBe(data);
  });

  it('takes out what has left the view, and lets nothing else in', () => {
    const data = list([ticket('a', 1), ticket('b', 1)]);
    expect(ids(placeTicket(data, open, ticket('a', 2, { status: 'resolved' })))).toEqual([['b1']]);
    expect(ids(placeTicket(data, open, ticket('a', 2, { merged_into: 'b' })))).toEqual([['b1']]);
    expect(placeTicket(data, open, ticket('x', 1, { status: 'closed' }))).toBe(data);
    const own: View = { show: 'open', customerId: 'me' };
    expect(placeTicket(data, own, ticket('x', 1, { customer_id: 'somebody' }))).toBe(data);
  });

  it('has nothing to do before the list is there', () => {
    expect(placeTicket(undefined, open, ticket('a', 1))).toBeUndefined();
  });
});
