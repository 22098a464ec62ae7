import { afterEach, expect, it, vi } from 'vitest';
import { sla, ticket } from './fixtures';
import { holds, judge } from './judge';
import { ALL, type SavedView } from './views';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const one = ticket({
  id: '1',
  status: 'pending',
  priority: 'high',
  category: 'Billing',
  tags: ['Invoice', 'vat'],
  assigned_agent_id: 'amelie',
  created_at: '2026-11-18T08:00:00Z',
  is_sla_breached: true,
  custom_fields: { plan: 'Gold', parts: ['Hub', 'Brake'], seats: 4, is_urgent: false },
  sla: sla({ due_metric: 'resolution', due_at: '2026-11-20T14:00:00Z' }),
});
const plan = { key: 'plan', former_options: { silver: 'Gold', bronze: 'Basic' } };
const asked = (conditions: unknown, match: 'all' | 'any' = 'all', custom: readonly (typeof plan)[] | null = [plan]) =>
  holds(one, { conditions: conditions as unknown[], match }, { me: 'amelie', now: NOW, custom: custom ?? undefined });
const is = (field: string, operator: string, value?: unknown) => asked([{ field, operator, value }]);

afterEach(() => vi.useRealTimers());

it('judges a test as the desk does', () => {
  expect(is('status', 'equals', 'pending')).toBe(true);
  expect(is('ticket.status', 'in', ['open', 'pending'])).toBe(true);
  expect(is('status', 'not_in', ['open', 'pending'])).toBe(false);
  expect(is('status', 'less_than', 'resolved')).toBe(true);
  expect(is('priority', 'greater_than', 'high')).toBe(false);
  expect(is('priority', 'between', ['medium', 'critical'])).toBe(true);
  expect(is('category', 'equals', 'BILLING')).toBe(true);
  expect(is('subject', 'contains', 'FLICK')).toBe(true);
  expect(is('subject', 'starts_with', 'rear')).toBe(true);
  expect(is('tags', 'contains', 'invoice')).toBe(true);
  expect(is('tags', 'contains', 'invo')).toBe(false);
  expect(is('team_id', 'is_empty')).toBe(true);
  expect(is('team_id', 'equals', null)).toBe(true);
  expect(is('team_id', 'not_equals', 'workshop')).toBe(true);
  expect(is('is_sla_breached', 'equals', true)).toBe(true);
});

it('knows who looks, and when', () => {
  expect(is('assigned_agent_id', 'equals', 'me')).toBe(true);
  expect(is('assigned_agent_id', 'in', ['me', null])).toBe(true);
  expect(is('customer_id', 'equals', 'me')).toBe(false);
  expect(is('sla_due_at', 'less_than', 'now+4h')).toBe(true);
  expect(is('sla_due_at', 'less_than', 'now+1h')).toBe(false);
  expect(is('created_at', 'greater_than', 'now-3d')).toBe(true);
  expect(is('created_at', 'older_than', '1d')).toBe(true);
  expect(is('created_at', 'greater_than', '2026-11-18')).toBe(false);
  expect(is('created_at', 'less_than', '2026-11-18')).toBe(false);
  expect(is('created_at', 'equals', '2026-11-18')).toBe(true);
  expect(is('resolved_at', 'less_than', 'now')).toBe(false);
});

it('reads the desk’s own fields', () => {
  expect(is('custom_fields.plan', 'equals', 'gold')).toBe(true);
  expect(is('custom_fields.parts', 'in', ['Lock', 'hub'])).toBe(true);
  expect(is('custom_fields.parts', 'contains', 'bra')).toBe(false);
  expect(is('custom_fields.seats', 'greater_than', 3)).toBe(true);
  expect(is('custom_fields.is_urgent', 'equals', false)).toBe(true);
  expect(is('custom_fields.other', 'is_empty')).toBe(true);
});

it('takes an option by whichever of its names, and says nothing as long as it does not know those', () => {
  expect(is('custom_fields.plan', 'equals', 'Silver')).toBe(true);
  expect(is('custom_fields.plan', 'not_in', ['bronze', 'SILVER'])).toBe(false);
  expect(is('custom_fields.plan', 'equals', 'Basic')).toBe(false);
  const unknown = (value: string) => asked([{ field: 'custom_fields.plan', operator: 'equals', value }], 'all', null);
  expect(unknown('gold')).toBe(true);
  expect(unknown('silver')).toBe(undefined);
});

it('leaves of a text what the desk leaves of it', () => {
  const held = ticket({ id: '2', category: 'Straße', subject: 'ΣΊΣΥΦΟΣ ﬁle', tags: ['Diyarbakır'] });
  const says = (field: string, operator: string, value: string) =>
    holds(held, { conditions: [{ field, operator, value }], match: 'all' }, { me: 'amelie', now: NOW, custom: [] });
  expect(says('category', 'equals', 'STRASSE')).toBe(true);
  expect(says('subject', 'contains', 'ίσυφος')).toBe(true);
  expect(says('subject', 'contains', 'FILE')).toBe(true);
  expect(says('tags', 'contains', 'diyarbakir')).toBe(false);
});

it('says nothing of what it does not know, unless the rest decides', () => {
  const unknown = { field: 'description', operator: 'contains', value: 'x' };
  const [yes, no] = [true, false].map((value) => ({ field: 'is_sla_breached', operator: 'equals', value }));
  expect(is('team_id', 'equals', 'my_teams')).toBe(undefined);
  expect(is('last_customer_reply_at', 'is_empty')).toBe(undefined);
  expect(asked([unknown, yes])).toBe(undefined);
  expect(asked([unknown, no])).toBe(false);
  expect(asked([unknown, yes], 'any')).toBe(true);
  expect(asked([{ not: unknown }])).toBe(undefined);
  expect(asked([{ not: { any: [no, { all: [yes, no] }] } }])).toBe(true);
});

it('holds for all where nothing is asked, and for none of no alternatives', () => {
  expect(asked([])).toBe(true);
  expect(asked([], 'any')).toBe(true);
  const [yes, no] = [true, false].map((value) => ({ field: 'is_sla_breached', operator: 'equals', value }));
  expect(asked({ all: [yes, no] })).toBe(false);
  expect(asked({ all: [yes, no] }, 'any')).toBe(true);
  expect(asked({ all: [] }, 'any')).toBe(true);
  expect(asked({ any: [] })).toBe(false);
});

it('holds what one filters by beside what the view asks for', () => {
  vi.useFakeTimers();
  vi.setSystemTime(NOW);
  const saved = { conditions: [{ field: 'status', operator: 'equals', value: 'pending' }], match: 'all' } as unknown;
  const says = (filters: Record<string, string>, ref = 'mine') =>
    judge(one, { ref, filters }, saved as SavedView, 'amelie', []);
  expect(says({})).toBe(true);
  expect(says({ priority: 'low' })).toBe(false);
  expect(says({ status: 'open' })).toBe(false);
  expect(says({ status: 'pending' }, ALL)).toBe(true);
  expect(judge(one, { ref: 'mine', filters: {} }, undefined, 'amelie', [])).toBe(undefined);
});
