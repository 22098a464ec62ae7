/** A webhook as the form has it, and as the API wants it. */
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

/** What is edited of a webhook; of nothing, what a new one begins with. */
export function readWebhook(webhook: Webhook | undefined): WebhookForm {
  return {
    name: webhook?.name ?? '',
    url: webhook?.url ?? '',
    is_active: webhook?.is_active ?? true,
    event_types: webhook?.event_types ?? ['ticket.created', 'ticket.status_changed', 'comment.added'],
    include_internal: webhook?.include_internal ?? false,
    filter: webhook?.filter == null ? '' : JSON.stringify(webhook.filter, null, 2),
    payload: webhook?.payload ?? 'default',
    payload_template: webhook?.payload_template ?? '',
    secret_key: { how: webhook?.has_secret === true ? 'keep' : 'set', text: '' },
    headers: webhook?.header_names.map((name) => ({ name, value: '', how: 'keep', isStored: true })) ?? [],
    retry_schedule: webhook?.retry_schedule ?? 'default',
    retry_count: String(webhook?.retry_count ?? 3),
    timeout_ms: String(webhook?.timeout_ms ?? 5000),
  };
}

/** What stands against a filter being JSON, in the engine's words. */
export function noJson(filter: string): string | undefined {
  try {
    if (filter.trim() !== '') JSON.parse(filter);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
}

/** A webhook as the API takes it; of what nobody is told, only what becomes another. */
export function writeWebhook(form: WebhookForm): Schemas['NewWebhook'] {
  const { secret_key: secret, payload_template: template, ...draft } = form;
  const changed = draft.headers.filter((line) => line.how !== 'keep' && (line.isStored || line.name.trim() !== ''));
  return {
    ...draft,
    filter: draft.filter.trim() === '' ? null : (JSON.parse(draft.filter) as Schemas['NewWebhook']['filter'] & object),
    // A template that was begun and not chosen is not sent.
    ...(draft.payload === 'template' ? { payload_template: template || null } : {}),
    ...(secret.how === 'remove' ? { secret_key: null } : {}),
    ...(secret.how === 'set' && secret.text !== '' ? { secret_key: secret.text } : {}),
    headers: Object.fromEntries(changed.map((line) => [line.name.trim(), line.how === 'remove' ? null : line.value])),
    retry_count: whole(draft.retry_count),
    timeout_ms: whole(draft.timeout_ms),
  };
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
