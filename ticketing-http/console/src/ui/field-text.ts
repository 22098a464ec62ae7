/** What is wrong with the fields of a form, and at which of them it is said. */
import { Problem } from '../api/problem';
import { defineText, say } from '../text';
import { faultText, type Fault } from './fault';
import { reason } from './toast';

/** `targets` of `targets.low.resolution`, `domains` of `domains[0]`. */
export function rootOf(field: string): string {
  return field.split(/[.[]/)[0] ?? field;
}

/** What is wrong with a field and with what is inside of it, each by the entry or by the name that it has there. */
export function messagesIn(
  faults: readonly Fault[],
  field: string,
  entries: readonly string[] = [],
): string | undefined {
  const words = faults.map(({ field: place, message }) => {
    const inside = place.slice(field.length).replace(/^\./, '');
    const entry = entries[Number(/^\[(\d+)\]/.exec(inside)?.[1])] ?? inside;
    return entry === '' ? message : `${entry}: ${message}`;
  });
  return words.length === 0 ? undefined : words.join(' ');
}

const text = defineText(
  { some: 'Some of this can’t be accepted.' },
  { some: 'Einiges davon kann so nicht übernommen werden.' },
);

/** What is said to the whole of a form: of faults at no field of it, what and where. */
export function unplacedText(faults: readonly Fault[], isPlaced: (field: string) => boolean): string {
  const others = faults.filter((one) => !isPlaced(one.field));
  return [say(text).some, ...others.map((one) => `${one.field}: ${faultText(one)}`)].join(' ');
}

export type FieldErrors = Readonly<Record<string, string>>;

/** Thrown where the page itself knows which field is wrong. */
export class FieldProblem extends Error {
  readonly fields: FieldErrors;

  constructor(fields: FieldErrors) {
    super(Object.values(fields).join(' '));
    this.fields = fields;
  }
}

/** What stands at which field, and what is left to be said to the whole. */
export function sortErrors(error: unknown, known: readonly string[]): { errors: FieldErrors; rest?: string } {
  if (error instanceof FieldProblem) return { errors: error.fields };
  const all = error instanceof Problem ? (error.body.errors ?? []) : [];
  const here = all.filter((one) => known.includes(one.field));
  const errors = Object.fromEntries(here.map((one) => [one.field, faultText(one)]));
  const others = all.filter((one) => !known.includes(one.field));
  if (all.length === 0) return { errors, rest: reason(error) };
  return others.length === 0 ? { errors } : { errors, rest: others.map(faultText).join(' ') };
}

/** What the server says of one field, where that is all there is of a form. */
export function errorAt(error: unknown, field: string): string | undefined {
  return sortErrors(error, [field]).errors[field];
}
