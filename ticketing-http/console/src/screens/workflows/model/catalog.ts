/** What can be asked for and done: the server's own tables, as this page offers them. */
import type { Schemas } from '../../../api/types';
import { isObject, type Json } from './json';

export type CustomField = Schemas['CustomField'];

/** What kind of value a field holds; it decides which operators fit and how a value is typed. */
export type Kind = 'text' | 'texts' | 'word' | 'id' | 'number' | 'decimal' | 'time' | 'date' | 'flag';

export type FieldGroup =
  'ticket' | 'custom' | 'customer' | 'organization' | 'agent' | 'comment' | 'email' | 'change' | 'time';

export type IdOf = 'staff' | 'user' | 'customer' | 'team' | 'organization';

export interface FieldInfo {
  name: string;
  kind: Kind;
  group: FieldGroup;
  /** The words that it can be. */
  words: readonly string[];
  /** Whether one value can be greater than another. */
  isOrdered: boolean;
  /** Whether it is known what it was before a change. */
  hasHistory: boolean;
  /** Whose id it is. */
  of?: IdOf;
  /** What the desk calls its own field. */
  label?: string;
}

const ROLES = ['customer', 'agent', 'manager', 'admin', 'system'];
const CHANNELS = ['web', 'email', 'api', 'portal'];

interface More {
  words?: readonly string[];
  isOrdered?: boolean;
  of?: IdOf;
}

function field(group: FieldGroup, name: string, kind: Kind, more: More = {}): FieldInfo {
  return { name, kind, group, words: [], isOrdered: true, hasHistory: group === 'ticket', ...more };
}

const MOMENTS = [
  'created_at',
  'updated_at',
  'first_responded_at',
  'resolved_at',
  'closed_at',
  'wake_at',
  'last_customer_reply_at',
  'last_status_change_at',
];

export const FIELDS: readonly FieldInfo[] = [
  field('ticket', 'status', 'word', { words: ['open', 'in_progress', 'pending', 'on_hold', 'resolved', 'closed'] }),
  field('ticket', 'priority', 'word', { words: ['low', 'medium', 'high', 'critical'] }),
  field('ticket', 'subject', 'text'),
  field('ticket', 'description', 'text'),
  field('ticket', 'category', 'text'),
  field('ticket', 'tags', 'texts'),
  field('ticket', 'channel', 'word', { words: CHANNELS, isOrdered: false }),
  field('ticket', 'assigned_agent_id', 'id', { of: 'staff' }),
  field('ticket', 'team_id', 'id', { of: 'team' }),
  field('ticket', 'customer_id', 'id', { of: 'customer' }),
  field('ticket', 'organization_id', 'id', { of: 'organization' }),
  field('ticket', 'escalation_level', 'number'),
  field('ticket', 'is_sla_breached', 'flag'),
  field('ticket', 'ticket_number', 'text'),
  ...MOMENTS.map((name) => field('ticket', name, 'time')),
  field('ticket', 'sla_due_at', 'time'),
  field('customer', 'customer.name', 'text'),
  field('customer', 'customer.email', 'text'),
  field('customer', 'customer.role', 'word', { words: ROLES }),
  field('customer', 'customer.locale', 'text'),
  field('customer', 'customer.time_zone', 'text'),
  field('organization', 'organization.name', 'text'),
  field('organization', 'organization.domains', 'texts'),
  field('organization', 'organization.shares_tickets', 'flag'),
  field('agent', 'team.name', 'text'),
  field('agent', 'agent.name', 'text'),
  field('agent', 'agent.email', 'text'),
  field('agent', 'agent.role', 'word', { words: ROLES }),
  field('agent', 'agent.availability', 'word', { words: ['online', 'away', 'offline'] }),
  field('comment', 'comment.body', 'text'),
  field('comment', 'comment.is_internal', 'flag'),
  field('comment', 'comment.author_role', 'word', { words: ROLES }),
  field('comment', 'comment.author_id', 'id', { of: 'user' }),
  field('comment', 'comment.channel', 'word', { words: CHANNELS, isOrdered: false }),
  field('email', 'email.is_automatic', 'flag'),
  field('email', 'email.is_spam', 'flag'),
  field('email', 'email.dmarc', 'word', { words: ['none', 'pass', 'fail'] }),
  field('change', 'actor.role', 'word', { words: ROLES }),
  field('change', 'actor.name', 'text'),
  field('change', 'actor.id', 'id', { of: 'user' }),
  field('change', 'old', 'text'),
  field('change', 'new', 'text'),
  field('time', 'business_hours', 'flag'),
  ...MOMENTS.map((name) => field('time', `hours_since.${name}`, 'decimal')),
];

export const HEADER = 'email.header.';
export const CUSTOM = 'custom_fields.';

/** Other names that the server takes for the same. */
const ALIASES: Record<string, string> = {
  tag: 'tags',
  number: 'ticket_number',
  customer_name: 'customer.name',
  customer_email: 'customer.email',
  organization_name: 'organization.name',
  team_name: 'team.name',
  agent_name: 'agent.name',
  'comment.text': 'comment.body',
  'comment.author.role': 'comment.author_role',
  'comment.author.id': 'comment.author_id',
  'event.old': 'old',
  'event.new': 'new',
  'hours_since.last_customer_reply': 'hours_since.last_customer_reply_at',
  'hours_since.last_status_change': 'hours_since.last_status_change_at',
};

/** The one name of a field that goes by several. */
export function plainName(name: string): string {
  const bare = name
    .replace(/^ticket\./, '')
    .replace(/^requester\./, 'customer.')
    .replace(/^assignee\./, 'agent.');
  return ALIASES[bare] ?? bare;
}

const CUSTOM_KINDS: Record<CustomField['field_type'], Kind> = {
  text: 'text',
  textarea: 'text',
  select: 'text',
  multiselect: 'texts',
  number: 'decimal',
  date: 'date',
  checkbox: 'flag',
};

export function customInfo(custom: CustomField): FieldInfo {
  const { key, label, field_type: type, options } = custom;
  return {
    ...field('custom', `${CUSTOM}${key}`, CUSTOM_KINDS[type], { words: options, isOrdered: type !== 'checkbox' }),
    hasHistory: true,
    label,
  };
}

/** What is known of a field; undefined for one of the embedding application's own, or one that is gone. */
export function fieldInfo(name: string, custom: readonly CustomField[]): FieldInfo | undefined {
  const plain = plainName(name);
  if (plain.startsWith(HEADER)) return field('email', plain, 'text');
  const own = plain.startsWith(CUSTOM) ? custom.find((one) => one.key === plain.slice(CUSTOM.length)) : undefined;
  return own === undefined ? FIELDS.find((one) => one.name === plain) : customInfo(own);
}

const ANY = ['equals', 'not_equals', 'in', 'not_in'] as const;
const EMPTY = ['is_empty', 'is_not_empty'] as const;
export type Operator =
  | (typeof ANY)[number]
  | (typeof EMPTY)[number]
  | 'contains'
  | 'not_contains'
  | 'starts_with'
  | 'matches'
  | 'greater_than'
  | 'less_than'
  | 'between'
  | 'older_than'
  | 'changed'
  | 'changed_from'
  | 'changed_to';

/** Those of a ticket as it stands. */
export const STANDING: readonly FieldInfo[] = FIELDS.filter(({ group }) => group === 'ticket');

/** What can be asked of a field, as the server has it; `isStanding` is of a ticket as it stands. */
export function operatorsOf({ kind, isOrdered, hasHistory }: FieldInfo, isStanding = false): Operator[] {
  const isText = kind === 'text' || kind === 'texts';
  const hasRange = isOrdered && ['word', 'number', 'decimal', 'time', 'date'].includes(kind);
  const operators: Operator[] = kind === 'texts' ? ['contains', 'not_contains', 'in', 'not_in'] : [...ANY];
  if (kind === 'text') operators.push('contains', 'not_contains');
  if (isText) operators.push('starts_with');
  if (isText && !isStanding) operators.push('matches');
  if (hasRange) operators.push('greater_than', 'less_than', 'between');
  if (kind === 'time' || kind === 'date') operators.push('older_than');
  operators.push(...EMPTY);
  if (hasHistory && !isStanding) operators.push('changed', 'changed_from', 'changed_to');
  return operators;
}

/** How many values an operator takes. */
export type Arity = 'none' | 'one' | 'two' | 'many' | 'duration' | 'pattern';

export function arityOf(operator: string): Arity {
  switch (operator) {
    case 'is_empty':
    case 'is_not_empty':
    case 'changed':
      return 'none';
    case 'in':
    case 'not_in':
      return 'many';
    case 'between':
      return 'two';
    case 'older_than':
      return 'duration';
    case 'matches':
      return 'pattern';
    default:
      return 'one';
  }
}

/** What to begin with, where another operator or field takes another kind of value. */
export function firstValue(info: FieldInfo, operator: string): Json | undefined {
  const one = (): Json => {
    switch (info.kind) {
      case 'word':
        return info.words[0] ?? '';
      case 'flag':
        return true;
      case 'number':
      case 'decimal':
        return 1;
      case 'id':
        return null;
      default:
        return info.words[0] ?? '';
    }
  };
  switch (arityOf(operator)) {
    case 'none':
      return undefined;
    case 'many':
      return [];
    case 'two':
      return [one(), info.words.at(-1) ?? one()];
    case 'duration':
      return '1d';
    case 'pattern':
      return '';
    case 'one':
      return one();
  }
}

/** Whether the page has a control for such a value; any other is shown as JSON. */
export function hasControl(info: FieldInfo, operator: string, value: Json | undefined): boolean {
  const isOne = (one: Json | undefined): boolean => {
    switch (info.kind) {
      case 'word':
        return typeof one === 'string' && info.words.includes(one);
      case 'flag':
        return typeof one === 'boolean';
      case 'number':
      case 'decimal':
        return typeof one === 'number';
      case 'id':
        return one === null || typeof one === 'string';
      default:
        return typeof one === 'string';
    }
  };
  switch (arityOf(operator)) {
    case 'none':
      return value === undefined || value === null || value === true;
    case 'many':
      return Array.isArray(value) && value.every(isOne);
    case 'two':
      return Array.isArray(value) && value.length === 2 && value.every(isOne);
    case 'duration':
      return typeof value === 'string' && /^\d+[smhd]$/.test(value);
    case 'pattern':
      return typeof value === 'string';
    case 'one':
      return isOne(value);
  }
}

/** A test moved to another field or operator: what still fits is kept. */
export function refit(
  leaf: { operator: string; value: Json | undefined },
  info: FieldInfo,
  wanted?: string,
  isStanding = false,
): { operator: string; value: Json | undefined } {
  const fits = operatorsOf(info, isStanding);
  const operator = wanted ?? (fits.includes(leaf.operator as Operator) ? leaf.operator : (fits[0] ?? 'equals'));
  if (hasControl(info, operator, leaf.value) && arityOf(operator) !== 'none') return { operator, value: leaf.value };
  const [was] = Array.isArray(leaf.value) ? leaf.value : [leaf.value];
  // One value becomes a list of it, and a list its first.
  const guess: Json | undefined = arityOf(operator) === 'many' && was !== undefined && was !== '' ? [was] : was;
  const isKept = arityOf(operator) !== 'none' && hasControl(info, operator, guess);
  return { operator, value: isKept ? guess : firstValue(info, operator) };
}

export const TRIGGERS = [
  'ticket_created',
  'ticket_updated',
  'status_change',
  'priority_change',
  'assignment',
  'comment_added',
  'escalation',
  'sla_breach',
  'time_based',
] as const satisfies Schemas['Trigger'][];

export const ACTIONS = [
  'update_ticket',
  'assign_ticket',
  'add_tags',
  'remove_tags',
  'add_comment',
  'send_email',
  'send_notification',
  'trigger_webhook',
  'escalate_ticket',
  'add_watchers',
  'remove_watchers',
  'snooze',
] as const;
/** Those that a person does by a macro: what leaves the desk is for rules, which have limits for it. */
export const BY_HAND = ACTIONS.filter(
  (type) => type !== 'send_email' && type !== 'send_notification' && type !== 'trigger_webhook',
);
export type ActionType = (typeof ACTIONS)[number];

export function isActionType(type: string): type is ActionType {
  return (ACTIONS as readonly string[]).includes(type);
}

/** The parameters that the form of an action shows; others are shown as JSON. Those of `update_ticket` are fields. */
export const PARAMS: Record<Exclude<ActionType, 'update_ticket'>, readonly string[]> = {
  assign_ticket: ['agent_id', 'team_id'],
  add_tags: ['tags'],
  remove_tags: ['tags'],
  add_comment: ['body', 'is_internal'],
  send_email: ['to', 'subject', 'body'],
  send_notification: ['user_id', 'title', 'message'],
  trigger_webhook: ['webhook_id', 'url'],
  escalate_ticket: ['reason', 'to'],
  add_watchers: ['user_id'],
  remove_watchers: ['user_id'],
  snooze: ['for', 'until'],
};

/** Fields of a ticket that `update_ticket` can change, beside the desk's own. */
export const UPDATES: readonly { name: string; kind: 'word' | 'text' | 'long' | 'texts' | 'id' | 'time' }[] = [
  { name: 'status', kind: 'word' },
  { name: 'priority', kind: 'word' },
  { name: 'category', kind: 'text' },
  { name: 'tags', kind: 'texts' },
  { name: 'subject', kind: 'text' },
  { name: 'description', kind: 'long' },
  { name: 'assigned_agent_id', kind: 'id' },
  { name: 'team_id', kind: 'id' },
  { name: 'wake_at', kind: 'time' },
];

/** The parameters of `update_ticket` with the desk's own fields beside the others. */
export function flatUpdates(params: Record<string, Json>): [string, Json][] {
  return Object.entries(params).flatMap(([name, value]): [string, Json][] =>
    name === 'custom_fields' && isObject(value)
      ? Object.entries(value).map(([key, one]) => [`${CUSTOM}${key}`, one])
      : [[name, value]],
  );
}

/** One of them changed, where it stands; undefined takes it off. */
export function withUpdate(params: Record<string, Json>, name: string, value: Json | undefined): Record<string, Json> {
  const nested = params['custom_fields'];
  const key = name.startsWith(CUSTOM) ? name.slice(CUSTOM.length) : undefined;
  if (key !== undefined && isObject(nested) && !Object.hasOwn(params, name)) {
    const inner = withUpdate(nested, key, value);
    return withUpdate(params, 'custom_fields', Object.keys(inner).length === 0 ? undefined : inner);
  }
  const rest = Object.entries(params).filter(([other]) => other !== name);
  if (value === undefined) return Object.fromEntries(rest);
  return { ...params, [name]: value };
}
