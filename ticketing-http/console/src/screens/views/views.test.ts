import { describe, expect, it } from 'vitest';
import { asFilters } from './as-filters';
import { missingOf } from './broken';
import { withFiltersOf } from './from-filters';
import { positionsAt } from './order';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const leaf = (field: string, operator: string, value?: unknown) => ({ field, operator, value });
const open = leaf('status', 'in', ['open', 'pending']);
const custom = [
  { key: 'seats', field_type: 'number' as const },
  { key: 'parts', field_type: 'multiselect' as const },
  { key: 'urgent', field_type: 'checkbox' as const },
];
const asked = (conditions: unknown, match: 'all' | 'any' = 'all') => ({ conditions: conditions as unknown[], match });

describe('filters become conditions', () => {
  const from = (filters: Record<string, string>) => withFiltersOf(asked([]), filters, custom).conditions;

  it('each as the list asks for it', () => {
    expect(from({ status: 'open' })).toEqual([leaf('status', 'equals', 'open')]);
    expect(from({ priority: 'low,high' })).toEqual([leaf('priority', 'in', ['low', 'high'])]);
    expect(from({ assigned_agent_id: 'me,none' })).toEqual([leaf('assigned_agent_id', 'in', ['me', null])]);
    expect(from({ team_id: 'none' })).toEqual([leaf('team_id', 'equals', null)]);
    expect(from({ tag: 'vip' })).toEqual([leaf('tags', 'in', ['vip'])]);
    expect(from({ is_sla_breached: 'true' })).toEqual([leaf('is_sla_breached', 'equals', true)]);
    expect(from({ created_from: '2026-01-15' })).toEqual([{ not: leaf('created_at', 'less_than', '2026-01-15') }]);
    expect(from({ updated_to: '2026-01-31' })).toEqual([{ not: leaf('updated_at', 'greater_than', '2026-01-31') }]);
    expect(from({ 'custom_fields.seats': '4' })).toEqual([leaf('custom_fields.seats', 'equals', 4)]);
    expect(from({ 'custom_fields.parts': 'Hub' })).toEqual([leaf('custom_fields.parts', 'in', ['Hub'])]);
    expect(from({ 'custom_fields.urgent': 'true' })).toEqual([leaf('custom_fields.urgent', 'equals', true)]);
  });

  it('beside what the view asks for, whichever way that belongs together', () => {
    const more = { priority: 'high' };
    const high = leaf('priority', 'equals', 'high');
    expect(withFiltersOf(asked([open]), more, [])).toEqual({ conditions: [open, high], match: 'all' });
    const either = [open, leaf('category', 'equals', 'x')];
    expect(withFiltersOf(asked(either, 'any'), more, [])).toEqual({
      conditions: [{ any: either }, high],
      match: 'all',
    });
    expect(withFiltersOf(asked({ any: either }), more, []).conditions).toEqual([{ any: either }, high]);
    expect(withFiltersOf(asked({ all: either }, 'any'), more, []).conditions).toEqual([{ any: either }, high]);
    expect(withFiltersOf(asked(either, 'any'), {}, [])).toEqual(asked(either, 'any'));
  });
});

describe('conditions become filters, to be counted', () => {
  const query = (...conditions: unknown[]) => {
    const text = asFilters(asked(conditions), NOW);
    return text === undefined ? undefined : Object.fromEntries(new URLSearchParams(text));
  };

  it('where those say the same', () => {
    expect(query()).toEqual({});
    expect(query(open, leaf('assigned_agent_id', 'is_empty'))).toEqual({
      status: 'open,pending',
      assigned_agent_id: 'none',
    });
    expect(query(leaf('sla_due_at', 'less_than', 'now+4h'))).toEqual({ sla_due_to: '2026-11-20T16:00:00.000Z' });
    expect(query(leaf('created_at', 'greater_than', '2026-01-15'))).toEqual({ created_from: '2026-01-16' });
    expect(query({ not: leaf('created_at', 'less_than', '2026-01-15') })).toEqual({ created_from: '2026-01-15' });
    expect(query(leaf('tags', 'contains', 'vip'), leaf('custom_fields.seats', 'equals', 4))).toEqual({
      tag: 'vip',
      'custom_fields.seats': '4',
    });
  });

  it('and not where they do not', () => {
    expect(query(open, open)).toBeUndefined();
    expect(query({ any: [open] })).toBeUndefined();
    expect(query(leaf('team_id', 'equals', 'my_teams'))).toBeUndefined();
    expect(query(leaf('subject', 'contains', 'x'))).toBeUndefined();
    expect(query(leaf('category', 'equals', 'a,b'))).toBeUndefined();
    const either = [open, leaf('category', 'equals', 'x')];
    expect(asFilters(asked(either, 'any'), NOW)).toBeUndefined();
    expect(asFilters(asked({ all: either }, 'any'), NOW)).toBeUndefined();
    expect(asFilters(asked({ all: either }), NOW)).toBeDefined();
  });
});

it('tells what a view names that is not there any more', () => {
  const field = (key: string, is_active: boolean) => ({
    key,
    label: key.toUpperCase(),
    field_type: 'select' as const,
    options: ['Hub'],
    former_options: { nave: 'Hub' },
    is_active,
  });
  const known = {
    custom: [field('parts', true), field('old', false)],
    teams: new Map([['workshop', { name: 'Workshop', is_active: false }]]),
  };
  const view = {
    conditions: [
      { any: [leaf('custom_fields.gone', 'equals', 'x'), { not: leaf('custom_fields.old', 'is_empty') }] },
      leaf('custom_fields.parts', 'in', ['hub', 'Nave', 'Brake']),
      leaf('team_id', 'in', ['my_teams', 'workshop', 'nowhere', null]),
    ],
    columns: ['status', 'custom_fields.gone'],
    visibility: 'all' as const,
    team_id: null,
  };
  expect(missingOf(view, known)).toEqual([
    { what: 'field', key: 'gone', label: undefined },
    { what: 'field', key: 'old', label: 'OLD' },
    { what: 'value', field: 'custom_fields.parts', value: 'Brake' },
    { what: 'team', id: 'workshop', name: 'Workshop' },
    { what: 'team', id: 'nowhere', name: undefined },
  ]);
  expect(missingOf({ ...view, conditions: [], columns: [] }, known)).toEqual([]);
});

describe('a view is put between others', () => {
  const list = (...positions: number[]) => positions.map((position, n) => ({ id: 'abcdefgh'.charAt(n), position }));
  const put = (views: readonly { id: string; position: number }[], id: string, to: number, fixed = '') =>
    Object.fromEntries(
      positionsAt(views, id, to, (view) => !fixed.includes(view.id)).map(({ view, position }) => [view.id, position]),
    );

  it('by its own position, where there is room', () => {
    const views = list(10, 20, 21, 40);
    expect(put(views, 'd', 0)).toEqual({ d: 4 });
    expect(put(views, 'd', 1)).toEqual({ d: 15 });
    expect(put(views, 'a', 3)).toEqual({ a: 50 });
  });

  it('and by those of the views around it, where there is none', () => {
    expect(put(list(0, 5), 'b', 0)).toEqual({ b: 9, a: 19 });
    expect(put(list(10, 20, 21, 40), 'd', 2, 'ab')).toEqual({ d: 30, c: 40 });
    expect(put(list(999_999, 1_000_000, 20), 'c', 2, 'a')).toEqual({});
    expect(put(list(20, 21, 40), 'c', 1, 'ab')).toEqual({});
  });

  it('also to the top, however often', () => {
    let views = list(10, 20, 30);
    for (let n = 0; n < 30; n++) {
      const last = views.at(-1)?.id ?? '';
      const positions = put(views, last, 0);
      const wanted = [last, ...views.map(({ id }) => id).filter((id) => id !== last)];
      views = views
        .map(({ id, position }) => ({ id, position: positions[id] ?? position }))
        .sort((a, b) => a.position - b.position);
      expect(views.map(({ id }) => id)).toEqual(wanted);
    }
  });
});
