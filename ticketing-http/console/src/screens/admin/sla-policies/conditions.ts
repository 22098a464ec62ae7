/** The tests of a policy: which fields there are, what can be asked of them, and how what is asked is kept. */
import type { Schemas } from '../../../api/types';
import { isSame } from '../../../ui/differ';
import { readDuration } from '../durations';

export type Kind = 'text' | 'texts' | 'word' | 'id' | 'number' | 'time' | 'date' | 'flag';

export interface AskedField {
  name: string;
  kind: Kind;
  /** What can be chosen from. */
  words?: readonly string[];
  /** Of words without an order nothing is greater. */
  isOrdered?: boolean;
  /** What people call it, where the desk says so itself. */
  label?: string;
}

export interface Test {
  field: string;
  operator: string;
  value?: unknown;
}

const STATUS = ['open', 'in_progress', 'pending', 'on_hold', 'resolved', 'closed'];

/** Fields of every ticket that a promise may depend on. */
export const FIELDS = [
  { name: 'priority', kind: 'word', words: ['low', 'medium', 'high', 'critical'], isOrdered: true },
  { name: 'status', kind: 'word', words: STATUS, isOrdered: true },
  { name: 'channel', kind: 'word', words: ['web', 'email', 'api', 'portal'] },
  { name: 'category', kind: 'text' },
  { name: 'tags', kind: 'texts' },
  { name: 'organization_id', kind: 'id' },
  { name: 'team_id', kind: 'id' },
  { name: 'customer_id', kind: 'id' },
  { name: 'assigned_agent_id', kind: 'id' },
  { name: 'subject', kind: 'text' },
  { name: 'description', kind: 'text' },
  { name: 'ticket_number', kind: 'text' },
  { name: 'escalation_level', kind: 'number' },
  { name: 'created_at', kind: 'time' },
  { name: 'updated_at', kind: 'time' },
  { name: 'first_responded_at', kind: 'time' },
  { name: 'resolved_at', kind: 'time' },
  { name: 'closed_at', kind: 'time' },
  { name: 'wake_at', kind: 'time' },
  { name: 'last_customer_reply_at', kind: 'time' },
  { name: 'last_status_change_at', kind: 'time' },
  { name: 'is_sla_breached', kind: 'flag' },
] as const satisfies AskedField[];

const CUSTOM_KINDS: Record<Schemas['FieldType'], Kind> = {
  text: 'text',
  textarea: 'text',
  number: 'number',
  date: 'date',
  select: 'text',
  multiselect: 'texts',
  checkbox: 'flag',
};

/** Those of every ticket, and those that the desk has added. */
export function allFields(custom: readonly Schemas['CustomField'][]): readonly AskedField[] {
  return [
    ...FIELDS,
    ...custom.map((field) => ({
      name: `custom_fields.${field.key}`,
      kind: CUSTOM_KINDS[field.field_type],
      label: field.label,
      ...(field.options.length > 0 ? { words: field.options } : {}),
    })),
  ];
}

export const OPERATORS = {
  text: ['equals', 'not_equals', 'in', 'not_in', 'contains', 'not_contains', 'starts_with', 'matches'],
  texts: ['contains', 'not_contains', 'in', 'not_in', 'starts_with', 'matches'],
  word: ['equals', 'not_equals', 'in', 'not_in', 'greater_than', 'less_than'],
  id: ['equals', 'not_equals'],
  number: ['equals', 'not_equals', 'greater_than', 'less_than'],
  time: ['older_than', 'greater_than', 'less_than'],
  date: ['equals', 'older_than', 'greater_than', 'less_than'],
  flag: ['equals'],
} as const satisfies Record<Kind, string[]>;
const PRESENCE = ['is_empty', 'is_not_empty'] as const;

export type Operator = (typeof OPERATORS)[Kind][number] | (typeof PRESENCE)[number];

export function operatorsOf(field: AskedField): readonly Operator[] {
  const all: readonly Operator[] = [...OPERATORS[field.kind], ...PRESENCE];
  const isUnordered = field.kind === 'word' && field.isOrdered !== true;
  return all.filter((one) => !isUnordered || (one !== 'greater_than' && one !== 'less_than'));
}

/** How the value is given. */
export type Shape = 'none' | 'list' | 'duration' | 'flag' | 'number' | 'day' | 'text';

export function shapeOf(field: AskedField, operator: Operator): Shape {
  if (operator === 'is_empty' || operator === 'is_not_empty') return 'none';
  if (operator === 'in' || operator === 'not_in') return 'list';
  if (operator === 'older_than') return 'duration';
  if (field.kind === 'flag') return 'flag';
  if (field.kind === 'number') return 'number';
  return field.kind === 'time' || field.kind === 'date' ? 'day' : 'text';
}

/** A test that rows can show and change; anything else is kept as it is. */
export function asTest(
  part: unknown,
  fields: readonly AskedField[],
): { test: Test; field: AskedField; operator: Operator } | undefined {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return undefined;
  const { field: name, operator, value, ...rest } = part as Record<string, unknown>;
  const field = fields.find((one) => one.name === name);
  if (field === undefined || Object.keys(rest).length > 0) return undefined;
  const known = operatorsOf(field).find((one) => one === operator);
  if (known === undefined || !fitsShape(shapeOf(field, known), value)) return undefined;
  return { test: part as Test, field, operator: known };
}

function fitsShape(shape: Shape, value: unknown): boolean {
  switch (shape) {
    case 'none':
      return value == null;
    case 'list':
      return Array.isArray(value) && value.every((one) => typeof one === 'string');
    case 'flag':
      return typeof value === 'boolean';
    case 'number':
      return typeof value === 'number' || typeof value === 'string';
    default:
      return typeof value === 'string';
  }
}

/** A test of this field; of what was asked before, what still fits is kept. */
export function testOf(field: AskedField, operator: Operator, before?: Test): Test {
  const shape = shapeOf(field, operator);
  if (shape === 'none') return { field: field.name, operator };
  const isSameField = before?.field === field.name;
  if (isSameField && fitsShape(shape, before.value)) return { field: field.name, operator, value: before.value };
  const first = field.words?.[0] ?? '';
  if (shape === 'list') {
    const kept = isSameField && typeof before.value === 'string' && before.value !== '' ? [before.value] : [];
    return { field: field.name, operator, value: kept };
  }
  if (isSameField && shape === 'text' && Array.isArray(before.value)) {
    return { field: field.name, operator, value: String(before.value[0] ?? first) };
  }
  const empty = { duration: '', flag: true, number: '', day: '', text: first }[shape];
  return { field: field.name, operator, value: empty };
}

/** Conditions as a list: one thing alone is a list of one. */
export function asList(conditions: unknown): unknown[] {
  return Array.isArray(conditions) ? conditions : [conditions];
}

/** Conditions as they are sent: what is typed as a number or a duration becomes one. Unchanged ones stay as they came. */
export function written(list: readonly unknown[], fields: readonly AskedField[], stored: unknown): unknown {
  if (stored !== undefined && isSame(list, asList(stored))) return stored;
  return list.map((part) => {
    const known = asTest(part, fields);
    if (known === undefined) return part;
    const { test, field, operator } = known;
    const shape = shapeOf(field, operator);
    if (typeof test.value !== 'string') return test;
    if (shape === 'number' && test.value.trim() !== '') return { ...test, value: Number(test.value) };
    if (shape === 'duration') return { ...test, value: readDuration(test.value) ?? test.value };
    return test;
  });
}
