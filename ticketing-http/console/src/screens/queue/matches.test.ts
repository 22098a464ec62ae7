import { expect, it } from 'vitest';
import { sla, ticket } from './fixtures';
import { matches } from './matches';

const one = ticket({
  id: '1',
  status: 'pending',
  priority: 'high',
  category: 'Billing',
  tags: ['Invoice', 'vat'],
  assigned_agent_id: 'amelie',
  created_at: '2026-11-20T23:30:00Z',
  is_sla_breached: true,
  custom_fields: { plan: 'Gold', parts: ['Hub', 'Brake'], seats: 4, is_urgent: false, bought: '2026-01-15' },
  sla: sla({ due_metric: 'resolution', due_at: '2099-01-01T12:00:00Z' }),
});
const plan = { key: 'plan', former_options: { silver: 'Gold' } };
const is = (filters: Record<string, string>) => matches(one, filters, 'amelie', [plan]);

it('takes any of several values of one filter, and all filters together', () => {
  expect(is({ status: 'open,pending', priority: 'high' })).toBe(true);
  expect(is({ status: 'open,pending', priority: 'low' })).toBe(false);
  expect(is({})).toBe(true);
});

it('knows who looks, and who is nobody', () => {
  expect(is({ assigned_agent_id: 'me' })).toBe(true);
  expect(matches(one, { assigned_agent_id: 'me' }, 'piotr', [plan])).toBe(false);
  expect(is({ assigned_agent_id: 'none' })).toBe(false);
  expect(is({ team_id: 'none' })).toBe(true);
  expect(is({ team_id: 'workshop,none' })).toBe(true);
});

it('reads words in any case', () => {
  expect(is({ category: 'billing' })).toBe(true);
  expect(is({ tag: 'hardware,INVOICE' })).toBe(true);
  expect(is({ tag: 'invo' })).toBe(false);
  expect(matches(ticket({ id: '2' }), { category: 'billing' }, 'amelie', [plan])).toBe(false);
});

it('holds both ends of a range, and all of its last day', () => {
  expect(is({ created_from: '2026-11-20', created_to: '2026-11-20' })).toBe(true);
  expect(is({ created_to: '2026-11-19' })).toBe(false);
  expect(is({ created_from: '2026-11-20T23:30:00Z', created_to: '2026-11-20T23:30:00Z' })).toBe(true);
  expect(is({ created_to: '2026-11-20T23:29:59Z' })).toBe(false);
  expect(is({ updated_from: '2026-11-21' })).toBe(false);
});

it('looks at what is due next', () => {
  expect(is({ sla_due_to: '2099-01-01T12:00:00Z' })).toBe(true);
  expect(is({ sla_due_to: '2099-01-01T11:00:00Z' })).toBe(false);
  expect(matches(ticket({ id: '2' }), { sla_due_to: '2099-01-01T12:00:00Z' }, 'amelie', [plan])).toBe(false);
  expect(is({ is_sla_breached: 'false' })).toBe(false);
});

it('reads custom fields by their kind', () => {
  expect(is({ 'custom_fields.plan': 'basic,gold' })).toBe(true);
  // It is what gold was called before.
  expect(is({ 'custom_fields.plan': 'Silver' })).toBe(true);
  expect(matches(one, { 'custom_fields.plan': 'silver' }, 'amelie', undefined)).toBe(undefined);
  expect(is({ 'custom_fields.parts': 'brake' })).toBe(true);
  expect(is({ 'custom_fields.seats': '4.0' })).toBe(true);
  expect(is({ 'custom_fields.is_urgent': 'false' })).toBe(true);
  expect(is({ 'custom_fields.bought': '2026-01-16' })).toBe(false);
  expect(is({ 'custom_fields.colour': 'red' })).toBe(false);
});
