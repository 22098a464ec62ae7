/** What somebody began to ask and has not sent: kept by this browser until it is, for each person. */
import type { CustomField } from '../../api/custom-fields';
import type { Priority, Schemas } from '../../api/types';
import { isAsked } from '../../ui/asked';
import type { Sent } from '../../ui/use-once';

export type FieldInput = string | boolean | readonly string[];

export interface Draft {
  subject: string;
  description: string;
  category: string;
  /** What was filled in of the desk's own fields, by key. */
  fields: Readonly<Record<string, FieldInput>>;
  /** Who asks, where staff write it down: somebody known, or a name and an address. */
  requester: { id: string; name: string } | null;
  isNewPerson: boolean;
  newName: string;
  newEmail: string;
  teamId: string | null;
  agentId: string | null;
  priority: Priority;
  tags: readonly string[];
  /** What was sent last: after a page was closed, too, the same goes out as the same. */
  sent?: Sent;
}

export const EMPTY: Draft = {
  subject: '',
  description: '',
  category: '',
  fields: {},
  requester: null,
  isNewPerson: false,
  newName: '',
  newEmail: '',
  teamId: null,
  agentId: null,
  priority: 'medium',
  tags: [],
};

const place = (person: string) => `draft.new-ticket.${person}`;

export function readDraft(person: string): Draft {
  try {
    return { ...EMPTY, ...(JSON.parse(localStorage.getItem(place(person)) ?? '{}') as Partial<Draft>) };
  } catch {
    return EMPTY;
  }
}

export function keepDraft(person: string, draft: Draft): void {
  try {
    if (isEmpty(draft)) localStorage.removeItem(place(person));
    else localStorage.setItem(place(person), JSON.stringify(draft));
  } catch {
    // A browser without room keeps it as long as the page is open.
  }
}

/** The fields that are asked of such a ticket, of whoever makes it. */
export function askedFields(fields: readonly CustomField[], draft: Draft, isStaff: boolean): CustomField[] {
  const category = draft.category.trim();
  const topic = { category: category === '' ? null : category, teamId: isStaff ? draft.teamId : null };
  return fields.filter((field) => (isStaff || field.editable_by_customer) && isAsked(field, topic));
}

/** Whether nothing of it would be missed. */
export function isEmpty(draft: Draft): boolean {
  const { sent: _sent, ...rest } = draft;
  return JSON.stringify({ ...EMPTY, ...rest }) === JSON.stringify(EMPTY);
}

/** What a field shows: what was filled in, or else what it comes with. */
export function shownValue(field: CustomField, given: Draft['fields']): FieldInput {
  const own = given[field.key];
  if (own !== undefined) return own;
  const usual: unknown = field.default;
  if (field.field_type === 'checkbox') return usual === true;
  if (field.field_type === 'multiselect') return Array.isArray(usual) ? usual.map(String) : [];
  return typeof usual === 'string' || typeof usual === 'number' ? String(usual) : '';
}

export function isFilled(value: FieldInput): boolean {
  return typeof value === 'boolean' || (typeof value === 'string' ? value.trim() !== '' : value.length > 0);
}

/** A value as it is sent. */
export function valueOf(field: CustomField, value: FieldInput): unknown {
  if (!isFilled(value)) return null;
  if (field.field_type !== 'number' || typeof value !== 'string') return value;
  const number = Number(value);
  return Number.isFinite(number) ? number : value;
}

/** The desk's own fields as they are sent. What nobody touched is left to the server, which knows what it comes with. */
export function fieldsToSend(fields: readonly CustomField[], draft: Draft): Record<string, unknown> {
  const values: [string, unknown][] = [];
  for (const field of fields) {
    const own = draft.fields[field.key];
    const hasUsual = field.default !== null;
    // A box that must have an answer is answered by being left open.
    if (own === undefined && field.field_type === 'checkbox' && field.is_required && !hasUsual)
      values.push([field.key, false]);
    else if (own !== undefined && (isFilled(own) || hasUsual)) values.push([field.key, valueOf(field, own)]);
  }
  return Object.fromEntries(values);
}

export function toBody(draft: Draft, fields: readonly CustomField[], isStaff: boolean): Schemas['NewTicket'] {
  const custom = fieldsToSend(fields, draft);
  const category = draft.category.trim();
  return {
    subject: draft.subject.trim(),
    description: draft.description,
    ...(category === '' ? {} : { category }),
    ...(Object.keys(custom).length === 0 ? {} : { custom_fields: custom }),
    ...(isStaff
      ? {
          priority: draft.priority,
          ...(draft.tags.length === 0 ? {} : { tags: [...draft.tags] }),
          ...(draft.teamId === null ? {} : { team_id: draft.teamId }),
          ...(draft.agentId === null ? {} : { assigned_agent_id: draft.agentId }),
          ...(draft.isNewPerson
            ? { customer: { email: draft.newEmail.trim(), name: draft.newName.trim() } }
            : draft.requester === null
              ? {}
              : { customer_id: draft.requester.id }),
        }
      : {}),
  };
}
