import { expect, it } from 'vitest';
import { COLUMNS, columnsOf, fitting } from './columns';
import { isChanged, searchOf, sortOf, sortedBy, viewOf, withFilters } from './view';
import { idOf, type SavedView } from './views';

const ID = '0193f1c2-0000-7000-8000-0000000000aa';
const saved = { sort: 'updated_at' } as SavedView;

it('reads the address, and writes the same', () => {
  const search = {
    view: ID,
    priority: 'high',
    'custom_fields.plan': 'gold',
    sort: '-priority',
    columns: 'sla,custom_fields.plan',
    other: 'x',
  };
  const view = viewOf(search, 'mine');
  expect(view).toEqual({
    ref: ID,
    filters: { priority: 'high', 'custom_fields.plan': 'gold' },
    sort: '-priority',
    columns: ['sla', 'custom_fields.plan'],
  });
  expect(viewOf(searchOf(view), 'mine')).toEqual(view);
  expect(searchOf(view)).not.toHaveProperty('other');
});

it('reads the addresses that lists had before they were views', () => {
  expect(viewOf({ queue: 'open', tag: 'x' }, 'mine')).toEqual({ ref: 'open', filters: { tag: 'x' } });
});

it('falls back to the first view', () => {
  expect(viewOf({ view: 'nothing', sort: 'colour' }, 'unassigned')).toEqual({ ref: 'unassigned', filters: {} });
  expect(viewOf({}, ID).ref).toBe(ID);
});

it('knows the ids of the views that every desk has', () => {
  expect(idOf('open')).toBe('00000000-0000-7000-8000-000000000005');
  expect(idOf(ID)).toBe(ID);
});

it('knows what is looked at otherwise than the view says', () => {
  expect(isChanged({ ref: 'mine', filters: {} })).toBe(false);
  expect(isChanged({ ref: 'mine', filters: { tag: 'x' } })).toBe(true);
  expect(isChanged({ ref: 'mine', filters: {}, sort: 'status' })).toBe(true);
  expect(isChanged({ ref: 'mine', filters: {}, columns: [] })).toBe(true);
});

it('is the same list whichever filter came first', () => {
  const [a, b] = [viewOf({ tag: 'x', status: 'open' }, 'mine'), viewOf({ status: 'open', tag: 'x' }, 'mine')];
  expect(JSON.stringify(a)).toBe(JSON.stringify(b));
});

it('takes a filter away where nothing of it is left', () => {
  const view = viewOf({ status: 'open', tag: 'x' }, 'mine');
  expect(withFilters(view, { tag: '' }).filters).toEqual({ status: 'open' });
});

it('turns the order round at the second press, and says no order that is the view’s own', () => {
  const view = viewOf({ view: 'open' }, 'mine');
  const once = sortedBy(view, saved, 'priority');
  expect(once.sort).toBe('-priority');
  expect(sortedBy(once, saved, 'priority').sort).toBe('priority');
  expect(sortedBy(view, saved, 'sla_due_at').sort).toBe('sla_due_at');
  expect(sortOf(view, saved)).toBe('updated_at');
  expect(sortOf(view, undefined)).toBe('-created_at');
  const down = sortedBy(view, saved, 'updated_at');
  expect(down.sort).toBe('-updated_at');
  expect(sortedBy(down, saved, 'updated_at')).toEqual(view);
});

it('is also ordered by the desk’s own fields', () => {
  const view = viewOf({ view: 'mine', sort: '-custom_fields.seats' }, 'mine');
  expect(view.sort).toBe('-custom_fields.seats');
  expect(sortedBy(view, undefined, 'custom_fields.seats').sort).toBe('custom_fields.seats');
  expect(viewOf({ sort: 'subject' }, 'mine').sort).toBe(undefined);
});

it('is not one without any columns', () => {
  expect(viewOf({ view: 'mine', columns: ',' }, 'mine').columns).toBe(undefined);
});

it('leaves out columns that have no room, the least of them first', () => {
  const chosen = COLUMNS.filter(({ id }) => ['status', 'assignee', 'tags'].includes(id));
  const ids = (width: number) => fitting(chosen, width).map((column) => column.id);
  expect(ids(100)).toEqual(['status', 'assignee', 'tags']);
  expect(ids(45)).toEqual(['status', 'assignee']);
  expect(ids(20)).toEqual([]);
});

it('shows columns in the order of the view, and the desk’s own by their names', () => {
  const field = { is_active: true, label: 'Parts' };
  const columns = columnsOf(
    ['sla', 'custom_fields.parts', 'status', 'custom_fields.seats', 'nothing'],
    [
      { ...field, key: 'parts', field_type: 'multiselect' },
      { ...field, key: 'seats', label: 'Seats', field_type: 'number' },
    ],
  );
  expect(columns.map(({ id, label }) => label ?? id)).toEqual(['sla', 'Parts', 'status', 'Seats']);
  expect(columns.map(({ sort }) => sort)).toEqual(['sla_due_at', undefined, 'status', 'custom_fields.seats']);
});
