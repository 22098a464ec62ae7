/** A webhook as the form has it, and as the API wants it. */
import { Problem } from '../../../api/problem';
import type { Schemas } from '../../../api/types';
import type { Webhook } from './data';

export const EVENT_TYPES = [
  'ticket.created',
  'ticket.updated',
  'ticket.assigned',
  'ticket.status_changed',
  'ticket.escalated',
  'ticket.resolved',
  'ticket.reopened',
  'ticket.closed',
  'ticket.merged',
  'comment.added',
  'sla.warning',
  'sla.breached',
] as const satisfies Schemas['EventType'][];

export const PAYLOADS = ['default', 'slack', 'teams', 'template'] as const satisfies Schemas['PayloadKind'][];

/** What is to become of a header whose value nobody is told. */
export interface HeaderLine {
  name: string;
  value: string;
  how: 'keep' | 'set' | 'remove';
  /** Whether the desk has it already. */
  isStored: boolean;
}

export interface WebhookForm {
  name: string;
  url: string;
  is_active: boolean;
  event_types: Schemas['EventType'][];
  include_internal: boolean;
  /** JSON; empty is no filter. */
  filter: string;
  payload: Schemas['PayloadKind'];
  payload_template: string;
  secret_key: { how: 'keep' | 'set' | 'remove'; text: string };
  headers: HeaderLine[];
  retry_schedule: Schemas['RetrySchedule'];
  retry_count: string;
  timeout_ms: string;
}

export const NEW: WebhookForm = {
  name: '',
  url: '',
  is_active: true,
  event_types: ['ticket.created', 'ticket.status_changed', 'comment.added'],
  include_internal: false,
  filter: '',
  payload: 'default',
  payload_template: '',
  secret_key: { how: 'set', text: '' },
  headers: [],
  retry_schedule: 'default',
  retry_count: '3',
  timeout_ms: '5000',
};

export function formOf(webhook: Webhook): WebhookForm {
  return {
    name: webhook.name,
    url: webhook.url,
    is_active: webhook.is_active,
    event_types: webhook.event_types,
    include_internal: webhook.include_internal,
    filter: webhook.filter == null ? '' : JSON.stringify(webhook.filter, null, 2),
    payload: webhook.payload,
    payload_template: webhook.payload_template ?? '',
    secret_key: { how: webhook.has_secret ? 'keep' : 'set', text: '' },
    headers: webhook.header_names.map((name) => ({ name, value: '', how: 'keep', isStored: true })),
    retry_schedule: webhook.retry_schedule,
    retry_count: String(webhook.retry_count),
    timeout_ms: String(webhook.timeout_ms),
  };
}

function refuse(field: string, message: string): never {
  throw new Problem(422, { errors: [{ field, code: 'invalid_value', message }] });
}

/** The test that a text says, or the problem with it at the field. */
export function parseFilter(text: string, noJson: (why: string) => string): unknown {
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    return refuse('filter', noJson(error instanceof Error ? error.message : ''));
  }
}

/** What was changed, as the API takes it; what is only looked at is left out. */
export function patchOf(
  changes: Partial<WebhookForm>,
  payload: Schemas['PayloadKind'],
  noJson: (why: string) => string,
): Schemas['WebhookPatch'] {
  const { filter, payload_template, secret_key, headers, retry_count, timeout_ms, ...plain } = changes;
  const patch: Schemas['WebhookPatch'] = { ...plain };
  if (filter !== undefined) patch.filter = parseFilter(filter, noJson) as NonNullable<typeof patch.filter>;
  // A template that was begun and not chosen is not sent.
  if (payload_template !== undefined && payload === 'template') patch.payload_template = payload_template || null;
  if (secret_key?.how === 'remove') patch.secret_key = null;
  if (secret_key?.how === 'set' && secret_key.text !== '') patch.secret_key = secret_key.text;
  if (headers !== undefined) {
    const changed = headers.filter((line) => line.how !== 'keep' && (line.isStored || line.name.trim() !== ''));
    patch.headers = Object.fromEntries(
      changed.map((line) => [line.name.trim(), line.how === 'remove' ? null : line.value]),
    );
  }
  if (retry_count !== undefined) patch.retry_count = whole(retry_count);
  if (timeout_ms !== undefined) patch.timeout_ms = whole(timeout_ms);
  return patch;
}

/** What no number is goes to the server as one that it refuses, with its own words at the field. */
function whole(text: string): number {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : -1;
}

/** A secret nobody could guess, as Standard Webhooks writes it. */
export function makeSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}
