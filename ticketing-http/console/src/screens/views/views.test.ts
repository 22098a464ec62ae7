import { describe, expect, it } from 'vitest';
import { asFilters } from './as-filters';
import { missingOf } from './broken';
import { withFiltersOf } from './from-filters';
import { positionAt } from './order';

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
    expect(asFilters(asked([open, leaf('category', 'equals', 'x')], 'any'), NOW)).toBeUndefined();
  });
});

it('tells what a view names that is not there any more', () => {
  const field = (key: string, is_active: boolean) => ({
    key,
    label: key.toUpperCase(),
    field_type: 'select' as const,
    options: ['Hub'],
    is_active,
  });
  const known = {
    custom: [field('parts', true), field('old', false)],
    teams: new Map([['workshop', { name: 'Workshop', is_active: false }]]),
  };
  const view = {
    conditions: [
      { any: [leaf('custom_fields.gone', 'equals', 'x'), { not: leaf('custom_fields.old', 'is_empty') }] },
      leaf('custom_fields.parts', 'in', ['Hub', 'Brake']),
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

it('puts a view between others by its position alone', () => {
  const views = [10, 20, 21, 40].map((position) => ({ id: String(position), position }));
  expect(positionAt(views, '40', 0)).toBe(5);
  expect(positionAt(views, '40', 1)).toBe(15);
  expect(positionAt(views, '40', 2)).toBeUndefined();
  expect(positionAt(views, '10', 3)).toBe(50);
  expect(
    positionAt(
      [
        { id: 'a', position: 0 },
        { id: 'b', position: 5 },
      ],
      'b',
      0,
    ),
  ).toBeUndefined();
});
