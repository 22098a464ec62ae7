import { expect, it } from 'vitest';
import { applied, planOf, undoOf } from './changes';
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

it('puts tags on and takes them off beside whatever else is there, and back again', () => {
  const tickets = [ticket({ id: 'a', tags: ['X'] }), ticket({ id: 'b' }), ticket({ id: 'c', tags: ['VIP', 'x'] })];
  const adding = planOf(tickets, { addTag: 'vip' });
  expect(brief(adding)).toEqual([['ab', { add_tags: ['vip'] }]]);
  expect(brief(undoOf(adding))).toEqual([['ab', { remove_tags: ['vip'] }]]);
  const removing = planOf(tickets, { removeTag: 'x' });
  expect(brief(removing)).toEqual([['ac', { remove_tags: ['x'] }]]);
  expect(brief(undoOf(removing))).toEqual([
    ['a', { add_tags: ['X'] }],
    ['c', { add_tags: ['x'] }],
  ]);
});

it('shows tags as they will be', () => {
  const one = ticket({ id: 'a', tags: ['x', 'y'] });
  expect(applied(one, { add_tags: ['vip', 'Y'], remove_tags: ['X'] }).tags).toEqual(['y', 'vip']);
});

it('knows the way back', () => {
  const tickets = [ticket({ id: 'a' }), ticket({ id: 'b', assigned_agent_id: 'piotr' })];
  const plan = planOf(tickets, { assigned_agent_id: 'amelie' });
  expect(brief(undoOf(plan))).toEqual([
    ['a', { assigned_agent_id: null }],
    ['b', { assigned_agent_id: 'piotr' }],
  ]);
});
