/** What can be wrong with a field, by the codes of the server, in the reader's language. */
import type { Schemas } from '../api/types';
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
    same: 'A ticket can’t be joined with itself.',
    overlap: 'This has a day in common with another period.',
    too_deep: 'This is nested too deep.',
    may_not_see: 'This person may not see the ticket.',
    not_for_staff: 'Only customers belong to an organization.',
    not_for_type: 'Only fields to choose in have options.',
    not_for_payload: 'This belongs to templates of one’s own alone.',
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
    same: 'Ein Ticket lässt sich nicht mit sich selbst verbinden.',
    overlap: 'Ein Tag davon gehört schon zu einem anderen Zeitraum.',
    too_deep: 'Das ist zu tief verschachtelt.',
    may_not_see: 'Diese Person darf das Ticket nicht sehen.',
    not_for_staff: 'Nur Kunden gehören zu einer Organisation.',
    not_for_type: 'Optionen haben nur Felder, in denen man auswählt.',
    not_for_payload: 'Das gehört nur zu einer eigenen Vorlage.',
    invalid: 'Das gilt nicht mehr. Lassen Sie sich einen neuen Link schicken.',
  },
);

/** In German, faults of which the server's words, which are English, say more than their kind. */
const CLOSER = {
  ambiguous: 'Nur eines von beiden.',
  bad_name: 'So kann das nicht heißen.',
  contradiction: 'Das widerspricht etwas anderem.',
  control_character: 'Darin steht ein Steuerzeichen.',
  forbidden: 'Das steht Ihnen nicht zu.',
  format: 'Das ist anders zu schreiben.',
  invalid_cursor: 'Die Liste geht so nicht weiter.',
  invalid_template: 'Die Vorlage ist fehlerhaft.',
  invalid_value: 'Dieser Wert geht hier nicht.',
  length: 'Das ist zu kurz oder zu lang.',
  malformed: 'Das lässt sich nicht lesen.',
  mention_without_access: 'Wer erwähnt wird, darf das nicht sehen.',
  needs_history: 'Das lässt sich nur bei einer Änderung fragen.',
  not_a_time: 'Das ist kein Zeitpunkt.',
  not_allowed: 'Das ist hier nicht erlaubt.',
  not_json: 'Das ergibt kein JSON.',
  not_lower: 'Das muss niedriger sein.',
  operator_does_not_fit: 'Das lässt sich dieses Feld nicht fragen.',
  out_of_range: 'Das ist zu klein oder zu groß.',
  repeated: 'Das steht mehrmals da.',
  reused: 'Damit wurde schon etwas anderes getan.',
  too_far: 'Das liegt zu weit weg.',
  too_large: 'Das ist zu groß.',
  too_long: 'Das ist zu lang.',
  too_many: 'Das sind zu viele.',
  too_precise: 'Das hat zu viele Stellen.',
  type: 'Hier gehört etwas anderes hin.',
  unknown_action: 'Eine solche Aktion gibt es nicht.',
  unknown_key: 'Das gehört nicht hierher.',
  unknown_operator: 'Einen solchen Vergleich gibt es nicht.',
  unknown_param: 'Diese Aktion kennt das nicht.',
  unknown_parameter: 'Einen solchen Filter gibt es nicht.',
  unknown_recipient: 'Einen solchen Empfänger gibt es nicht.',
  unknown_value: 'Das gibt es nicht zur Auswahl.',
  unknown_variable: 'Diesen Platzhalter gibt es nicht.',
  unreadable: 'Das lässt sich nicht lesen.',
};

/** Something wrong with one field, found by the server or, without a code, by the page. */
export interface Fault {
  field: string;
  code?: string;
  message: string;
}

export function faultText({ code, message }: Fault): string {
  if (code === undefined) return message;
  // The compiler sees to it that no code of the server lacks a text; one of a newer server has its words.
  const texts: Partial<Record<string, string>> = { ...CLOSER, ...say(fieldText) } satisfies Record<
    Schemas['FieldCode'],
    string
  >;
  const text = texts[code];
  if (text === undefined) return message;
  if (!(code in CLOSER)) return text;
  // What the kind leaves open, such as a limit, is in the server's words alone.
  return language() === 'de' ? `${text} (${message})` : message;
}
