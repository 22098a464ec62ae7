/** What a macro's preview and its failures come to. */
import { Problem } from '../../../api/problem';
import type { Schemas, Ticket } from '../../../api/types';
import { faultText } from '../../../ui/fault';
import { reason } from '../../../ui/toast';
import { changeOf, valueOf, type Change, type FieldName } from '../changes/three-way';

export type Preview = Schemas['MacroPreview'];

/** Something that can't be done, and which of the actions it is about; none where it is about all of it. */
export interface Fault {
  step: number | undefined;
  why: string;
}

/** What of it a person hears of, of what the server says field by field. */
export function faultsOf(error: unknown): Fault[] {
  const errors = error instanceof Problem ? (error.body.errors ?? []) : [];
  if (errors.length === 0) return [{ step: undefined, why: reason(error) }];
  return errors.map((one) => {
    const step = /^actions\[(\d+)\]/.exec(one.field)?.[1];
    const why = one.code === 'missing_variable' ? one.message : faultText(one);
    return { step: step === undefined ? undefined : Number(step), why };
  });
}

export function refusedIn(preview: Preview): Fault[] {
  return preview.actions.flatMap(({ refused }, step) =>
    // The field that it begins with is that of the API.
    refused === null
      ? []
      : [{ step, why: faultText({ ...refused, field: '', message: refused.message.replace(/^\w+: /, '') }) }],
  );
}

/** What is done beside fields and comments, by its place: nothing else shows it. */
export function othersIn(preview: Preview): number[] {
  return preview.actions.flatMap(({ type, changes, refused }, at) =>
    refused === null && type.endsWith('_watchers') && Object.keys(changes).length === 0 ? [at] : [],
  );
}

const BY_HAND = new Set(['subject', 'status', 'priority', 'category', 'tags', 'assigned_agent_id', 'team_id']);

/** The change that brings a ticket back to how it was; none where more was done than that. */
export function wayBack(preview: Preview, before: Ticket): Change | undefined {
  const fields = Object.keys(preview.changes);
  const canGoBack = fields.every((field) => BY_HAND.has(field) || field.startsWith('custom_fields.'));
  if (fields.length === 0 || !canGoBack || preview.comments.length > 0 || othersIn(preview).length > 0)
    return undefined;
  return changeOf(fields.map((field) => [field as FieldName, valueOf(before, field as FieldName)] as const));
}
