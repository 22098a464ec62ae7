/** What can be wrong with a field, by the codes of the server, in the reader's language. */
import { onSession } from '../api/session';
import { defineText, say } from '../text';
import { language } from '../text/language';

/** Faults whose kind says enough. */
export const fieldText = defineText(
  {
    required: 'Please fill this in.',
    not_an_address: 'This is not an email address.',
    not_a_domain: 'This is not a mail domain such as acme.example.',
    too_short: 'Use at least 8 characters.',
    wrong: 'This is not your password until now.',
    duplicate: 'Somebody has this already.',
    unknown: 'There is nothing of this name.',
    unknown_field: 'There is no such field.',
    inactive: 'This is no longer in use.',
    empty: 'This is empty.',
    comma: 'This may not contain a comma.',
    past: 'This has to lie in the future.',
    future: 'This may not lie in the future.',
    invalid: 'This is no longer good. Ask for a new link.',
  },
  {
    required: 'Bitte füllen Sie dieses Feld aus.',
    not_an_address: 'Das ist keine E-Mail-Adresse.',
    not_a_domain: 'Das ist keine Maildomain wie acme.example.',
    too_short: 'Bitte mindestens 8 Zeichen verwenden.',
    wrong: 'Das ist nicht Ihr bisheriges Passwort.',
    duplicate: 'Das ist bereits vergeben.',
    unknown: 'Etwas mit diesem Namen gibt es nicht.',
    unknown_field: 'Ein solches Feld gibt es nicht.',
    inactive: 'Das wird nicht mehr verwendet.',
    empty: 'Das ist leer.',
    comma: 'Ein Komma darf darin nicht stehen.',
    past: 'Das muss in der Zukunft liegen.',
    future: 'Das darf nicht in der Zukunft liegen.',
    invalid: 'Das gilt nicht mehr. Lassen Sie sich einen neuen Link schicken.',
  },
);

/** What only readers of German load: by code, what kind of fault it is. */
let german: { CLOSER: Partial<Record<string, string>>; KIND: Partial<Record<string, string>> } | undefined;

function load(): void {
  if (language() !== 'de' || german !== undefined) return;
  german = { CLOSER: {}, KIND: {} };
  void import('./fault-german').then((all) => {
    german = all;
  });
}

load();
onSession(load);

/** Something wrong with one field, found by the server or, without a code, by the page. */
export interface Fault {
  field: string;
  code?: string;
  message: string;
}

export function faultText({ code, message }: Fault): string {
  if (code === undefined) return message;
  // A code of a newer server has its words.
  const own = (say(fieldText) as Partial<Record<string, string>>)[code];
  if (own !== undefined) return own;
  load();
  if (language() !== 'de') return message;
  const closer = german?.CLOSER[code];
  // What the kind leaves open, such as a limit, is in the server's words alone.
  return closer === undefined ? (german?.KIND[code] ?? message) : `${closer} (${message})`;
}
