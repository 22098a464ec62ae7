import { expect, it } from 'vitest';
import { planOf, undoOf } from './changes';
import { ticket } from './fixtures';

const brief = (groups: ReturnType<typeof planOf>) =>
  groups.map(({ tickets, patch }) => [tickets.map((one) => one.id).join(''), patch]);

it('leaves those alone that are so already', () => {
  const tickets = [ticket({ id: 'a' }), ticket({ id: 'b', status: 'pending' })];
  expect(brief(planOf(tickets, { status: 'pending' }))).toEqual([['a', { status: 'pending' }]]);
});

it('asks for no more than a hundred at once', () => {
  const tickets = Array.from({ length: 250 }, (_, at) => ticket({ id: String(at) }));
  expect(planOf(tickets, { priority: 'low' }).map((group) => group.tickets.length)).toEqual([100, 100, 50]);
});

it('adds and takes off tags, together for those that end up with the same ones', () => {
  const tickets = [ticket({ id: 'a', tags: ['x'] }), ticket({ id: 'b' }), ticket({ id: 'c', tags: ['x'] })];
  expect(brief(planOf(tickets, { addTag: 'vip' }))).toEqual([
    ['ac', { tags: ['vip', 'x'] }],
    ['b', { tags: ['vip'] }],
  ]);
  expect(brief(planOf(tickets, { removeTag: 'x' }))).toEqual([['ac', { tags: [] }]]);
});

it('knows the way back', () => {
  const tickets = [ticket({ id: 'a' }), ticket({ id: 'b', assigned_agent_id: 'piotr' })];
  const plan = planOf(tickets, { assigned_agent_id: 'amelie' });
  expect(brief(undoOf(plan))).toEqual([
    ['a', { assigned_agent_id: null }],
    ['b', { assigned_agent_id: 'piotr' }],
  ]);
});
