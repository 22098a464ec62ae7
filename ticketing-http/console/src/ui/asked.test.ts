import { expect, test } from 'vitest';
import type { CustomField } from '../api/custom-fields';
import { isAsked } from './asked';

const field = (when: Partial<CustomField['when']>, is_active = true) =>
  ({ is_active, when: { categories: [], team_ids: [], ...when } }) as unknown as CustomField;

test('a field is asked of the categories and teams that it names, and of all where it names none', () => {
  const repair = field({ categories: ['Repair', 'Größe'] });
  expect(isAsked(field({}), { category: null, teamId: null })).toBe(true);
  expect(isAsked(repair, { category: ' REPAIR', teamId: null })).toBe(true);
  expect(isAsked(repair, { category: 'GRÖSSE'.replace('SS', 'ß'), teamId: null })).toBe(true);
  expect(isAsked(repair, { category: 'Billing', teamId: null })).toBe(false);
  expect(isAsked(repair, { category: null, teamId: null })).toBe(false);
  const both = field({ categories: ['Repair'], team_ids: ['a', 'b'] });
  expect(isAsked(both, { category: 'repair', teamId: 'b' })).toBe(true);
  expect(isAsked(both, { category: 'repair', teamId: null })).toBe(false);
  expect(isAsked(both, { category: 'repair', teamId: 'c' })).toBe(false);
  expect(isAsked(field({}, false), { category: null, teamId: null })).toBe(false);
});
