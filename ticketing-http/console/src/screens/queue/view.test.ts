import { expect, it } from 'vitest';
import { fitting } from './columns';
import { searchOf, sortedBy, viewOf, wholeFilter, withFilters } from './view';

it('reads the address, and writes the same', () => {
  const search = { queue: 'open', priority: 'high', 'custom_fields.plan': 'gold', sort: '-priority', other: 'x' };
  const view = viewOf(search);
  expect(view).toEqual({
    queue: 'open',
    filters: { priority: 'high', 'custom_fields.plan': 'gold' },
    sort: '-priority',
  });
  expect(viewOf(searchOf(view))).toEqual(view);
  expect(searchOf(view)).not.toHaveProperty('other');
});

it('falls back to what there is', () => {
  expect(viewOf({ queue: 'nothing', sort: 'colour' })).toEqual({ queue: 'mine', filters: {}, sort: '-updated_at' });
});

it('lets what one filters by go before the queue', () => {
  const view = viewOf({ queue: 'mine', status: 'closed' });
  expect(wholeFilter(view, 0)).toEqual({ assigned_agent_id: 'me', status: 'closed' });
});

it('is the same list whichever filter came first', () => {
  const [a, b] = [viewOf({ tag: 'x', status: 'open' }), viewOf({ status: 'open', tag: 'x' })];
  expect(JSON.stringify(a)).toBe(JSON.stringify(b));
});

it('takes a filter away where nothing of it is left', () => {
  const view = viewOf({ status: 'open', tag: 'x' });
  expect(withFilters(view, { tag: '' }).filters).toEqual({ status: 'open' });
});

it('turns the order round at the second press', () => {
  const view = viewOf({ queue: 'open' });
  expect(sortedBy(view, 'priority').sort).toBe('-priority');
  expect(sortedBy(sortedBy(view, 'priority'), 'priority').sort).toBe('priority');
  expect(sortedBy(view, 'sla_due_at').sort).toBe('sla_due_at');
});

it('leaves out columns that have no room, the least of them first', () => {
  const ids = (width: number) => fitting(['status', 'assignee', 'tags'], width).map((column) => column.id);
  expect(ids(100)).toEqual(['status', 'assignee', 'tags']);
  expect(ids(45)).toEqual(['status', 'assignee']);
  expect(ids(20)).toEqual([]);
});
