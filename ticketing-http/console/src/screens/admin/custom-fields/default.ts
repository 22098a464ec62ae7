/** A field's default, as people write it and as the API takes it. */
import type { Schemas } from '../../../api/types';

type FieldType = Schemas['FieldType'];
export type Default = Schemas['CustomField']['default'];

export function showDefault(value: Default | undefined): string {
  if (value == null) return '';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** What can't be read as the type asks is sent as it is: the server says what is wrong with it. */
export function readDefault(type: FieldType, text: string): Default {
  const said = text.trim();
  if (said === '') return null;
  if (type === 'number') return Number.isFinite(Number(said)) ? Number(said) : said;
  if (type === 'checkbox') return said === 'true';
  if (type === 'multiselect') return said.split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]));
  return said;
}
