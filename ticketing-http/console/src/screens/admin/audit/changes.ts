/** What a line of the audit log says of before and after, for people. */

export interface Change {
  field: string;
  before: unknown;
  after: unknown;
}

/** `{field: [before, after]}` as a list; what is not so is what it is now. */
export function changesOf(changes: unknown): Change[] {
  if (typeof changes !== 'object' || changes === null || Array.isArray(changes)) return [];
  return Object.entries(changes).map(([field, value]) =>
    Array.isArray(value) && value.length === 2
      ? { field, before: value[0] as unknown, after: value[1] as unknown }
      : { field, before: null, after: value as unknown },
  );
}

interface Words {
  nothing: string;
  yes: string;
  no: string;
}

/** A value as people read it. */
export function shownValue(value: unknown, words: Words, dateTime: (at: string) => string): string {
  if (value === null || value === undefined || value === '') return words.nothing;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return isMoment(value) ? dateTime(value) : value;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string' || typeof one === 'number'))
    return value.length === 0 ? words.nothing : value.join(', ');
  return JSON.stringify(value);
}

function isMoment(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text);
}

/** `sla_policy:0199…` as its kind and id. */
export function subjectOf(subject: string): { kind: string; id: string } {
  const at = subject.indexOf(':');
  return at < 0 ? { kind: subject, id: '' } : { kind: subject.slice(0, at), id: subject.slice(at + 1) };
}

/** A name in code as words: `first_responded_at` is `first responded at`. */
export function spelled(name: string): string {
  return name.replaceAll('_', ' ');
}
