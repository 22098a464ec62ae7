/** A field as it is being written. */
import type { Schemas } from '../../../api/types';

export type CustomField = Schemas['CustomField'];
export type FieldType = Schemas['FieldType'];
export type Required = Schemas['Required'];

export interface Draft {
  label: string;
  key: string;
  field_type: FieldType;
  options: string;
  /** What stored options are to be called from now on. */
  renamed_options: Readonly<Record<string, string>>;
  required: Required;
  visible_to_customer: boolean;
  editable_by_customer: boolean;
  when: { categories: string; team_ids: readonly string[] };
  min: string;
  max: string;
  max_length: string;
  pattern: string;
  position: string;
  default: string;
  is_active: boolean;
}

export function hasOptions(type: FieldType): boolean {
  return type === 'select' || type === 'multiselect';
}

export function hasRange(type: FieldType): boolean {
  return type === 'number' || type === 'date';
}

export function isText(type: FieldType): boolean {
  return type === 'text' || type === 'textarea';
}
