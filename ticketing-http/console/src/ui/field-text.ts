/** What is wrong with a field, in the reader's language where the kind of fault says enough, else in the server's words. */
import { Problem } from '../api/problem';
import { defineText, say } from '../text';
import { reason } from './toast';

export const fieldText = defineText(
  {
    required: 'Please fill this in.',
    not_an_address: 'This is not an email address.',
    too_short: 'Use at least 8 characters.',
    wrong: 'This is not your password until now.',
    duplicate: 'Somebody has this already.',
    unknown: 'There is nothing of this name.',
  },
  {
    required: 'Bitte füllen Sie dieses Feld aus.',
    not_an_address: 'Das ist keine E-Mail-Adresse.',
    too_short: 'Bitte mindestens 8 Zeichen verwenden.',
    wrong: 'Das ist nicht Ihr bisheriges Passwort.',
    duplicate: 'Das ist bereits vergeben.',
    unknown: 'Etwas mit diesem Namen gibt es nicht.',
  },
);

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
  const words: Partial<Record<string, string>> = { ...say(fieldText) };
  const here = all.filter((one) => known.includes(one.field));
  const errors = Object.fromEntries(here.map((one) => [one.field, words[one.code] ?? one.message]));
  const others = all.filter((one) => !known.includes(one.field));
  if (all.length === 0) return { errors, rest: reason(error) };
  return others.length === 0 ? { errors } : { errors, rest: others.map((one) => one.message).join(' ') };
}
