import { describe, expect, test } from 'vitest';
import { allFields, asList, asTest, operatorsOf, testOf, written, type AskedField } from './conditions';

const fields = allFields([
  {
    id: '1',
    key: 'bikes',
    label: 'Bikes',
    field_type: 'number',
    options: [],
    former_options: {},
    default: null,
    is_active: true,
    required: 'never',
    is_required: false,
    visible_to_customer: true,
    editable_by_customer: true,
    when: { categories: [], team_ids: [] },
    min: null,
    max: null,
    max_length: null,
    pattern: null,
    position: 1,
    version: 1,
    created_at: '',
    updated_at: '',
  },
]);
const named = (name: string): AskedField => {
  const field = fields.find((one) => one.name === name);
  if (field === undefined) throw new Error(name);
  return field;
};

describe('what rows can show', () => {
  test('is a test of a known field with a fitting value', () => {
    expect(asTest({ field: 'status', operator: 'equals', value: 'open' }, fields)?.field.kind).toBe('word');
    expect(asTest({ field: 'organization_id', operator: 'is_not_empty' }, fields)).toBeDefined();
    expect(asTest({ field: 'custom_fields.bikes', operator: 'greater_than', value: 4 }, fields)).toBeDefined();
  });

  test('is nothing nested, unknown, or more than rows say', () => {
    for (const part of [
      { any: [{ field: 'status', operator: 'equals', value: 'open' }] },
      { field: 'gone', operator: 'equals', value: 1 },
      { field: 'status', operator: 'contains', value: 'op' },
      { field: 'category', operator: 'in', value: ['a', null] },
      { field: 'status', operator: 'equals', value: 'open', note: 'x' },
      'status',
      null,
    ]) {
      expect(asTest(part, fields)).toBe(undefined);
    }
  });
});

test('channels have no order', () => {
  expect(operatorsOf(named('channel'))).not.toContain('greater_than');
  expect(operatorsOf(named('priority'))).toContain('greater_than');
});

test('another operator keeps what fits', () => {
  const before = { field: 'category', operator: 'equals', value: 'fleet' };
  expect(testOf(named('category'), 'in', before)).toEqual({ field: 'category', operator: 'in', value: ['fleet'] });
  const list = { field: 'category', operator: 'in', value: ['a', 'b'] };
  expect(testOf(named('category'), 'equals', list)).toEqual({ field: 'category', operator: 'equals', value: 'a' });
  expect(testOf(named('category'), 'is_empty', list)).toEqual({ field: 'category', operator: 'is_empty' });
  expect(testOf(named('status'), 'equals', before)).toEqual({ field: 'status', operator: 'equals', value: 'open' });
});

describe('what is sent', () => {
  const nested = { any: [{ field: 'tags', operator: 'contains', value: 'gold' }] };

  test('is what came, where nothing was changed', () => {
    expect(written(asList(nested), fields, nested)).toBe(nested);
  });

  test('keeps nested ones as they are beside new rows', () => {
    const row = { field: 'custom_fields.bikes', operator: 'greater_than', value: '4' };
    expect(written([nested, row], fields, nested)).toEqual([nested, { ...row, value: 4 }]);
  });

  test('has durations in one unit', () => {
    const row = { field: 'created_at', operator: 'older_than', value: '1h 30m' };
    expect(written([row], fields, [])).toEqual([{ ...row, value: '90m' }]);
  });
});
