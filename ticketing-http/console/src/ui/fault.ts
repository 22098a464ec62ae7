/** What can be wrong with a field, by the codes of the server, in the reader's language. */
import type { Schemas } from '../api/types';
import { defineText, say } from '../text';

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

/** The server's own words, which are English. */
const said = (words: string) => words;
/** What kind of fault it is, and the server's words for what that kind leaves open, such as a limit. */
const so = (kind: string) => (words: string) => `${kind} (${words})`;

/** Faults of which the server's words say more than their kind. */
const closerText = defineText(
  {
    ambiguous: said,
    bad_name: said,
    contradiction: said,
    control_character: said,
    forbidden: said,
    format: said,
    invalid_cursor: said,
    invalid_template: said,
    invalid_value: said,
    length: said,
    malformed: said,
    mention_without_access: said,
    needs_history: said,
    not_a_time: said,
    not_allowed: said,
    not_json: said,
    not_lower: said,
    operator_does_not_fit: said,
    out_of_range: said,
    repeated: said,
    reused: said,
    too_far: said,
    too_large: said,
    too_long: said,
    too_many: said,
    too_precise: said,
    type: said,
    unknown_action: said,
    unknown_key: said,
    unknown_operator: said,
    unknown_param: said,
    unknown_parameter: said,
    unknown_recipient: said,
    unknown_value: said,
    unknown_variable: said,
    unreadable: said,
  },
  {
    ambiguous: so('Nur eines von beiden.'),
    bad_name: so('So kann das nicht heißen.'),
    contradiction: so('Das widerspricht etwas anderem.'),
    control_character: so('Darin steht ein Steuerzeichen.'),
    forbidden: so('Das steht Ihnen nicht zu.'),
    format: so('Das ist anders zu schreiben.'),
    invalid_cursor: so('Die Liste geht so nicht weiter.'),
    invalid_template: so('Die Vorlage ist fehlerhaft.'),
    invalid_value: so('Dieser Wert geht hier nicht.'),
    length: so('Das ist zu kurz oder zu lang.'),
    malformed: so('Das lässt sich nicht lesen.'),
    mention_without_access: so('Wer erwähnt wird, darf das nicht sehen.'),
    needs_history: so('Das lässt sich nur bei einer Änderung fragen.'),
    not_a_time: so('Das ist kein Zeitpunkt.'),
    not_allowed: so('Das ist hier nicht erlaubt.'),
    not_json: so('Das ergibt kein JSON.'),
    not_lower: so('Das muss niedriger sein.'),
    operator_does_not_fit: so('Das lässt sich dieses Feld nicht fragen.'),
    out_of_range: so('Das ist zu klein oder zu groß.'),
    repeated: so('Das steht mehrmals da.'),
    reused: so('Damit wurde schon etwas anderes getan.'),
    too_far: so('Das liegt zu weit weg.'),
    too_large: so('Das ist zu groß.'),
    too_long: so('Das ist zu lang.'),
    too_many: so('Das sind zu viele.'),
    too_precise: so('Das hat zu viele Stellen.'),
    type: so('Hier gehört etwas anderes hin.'),
    unknown_action: so('Eine solche Aktion gibt es nicht.'),
    unknown_key: so('Das gehört nicht hierher.'),
    unknown_operator: so('Einen solchen Vergleich gibt es nicht.'),
    unknown_param: so('Diese Aktion kennt das nicht.'),
    unknown_parameter: so('Einen solchen Filter gibt es nicht.'),
    unknown_recipient: so('Einen solchen Empfänger gibt es nicht.'),
    unknown_value: so('Das gibt es nicht zur Auswahl.'),
    unknown_variable: so('Diesen Platzhalter gibt es nicht.'),
    unreadable: so('Das lässt sich nicht lesen.'),
  },
);

/** Something wrong with one field, found by the server or, without a code, by the page. */
export interface Fault {
  field: string;
  code?: string;
  message: string;
}

export function faultText({ code, message }: Fault): string {
  if (code === undefined) return message;
  // The compiler sees to it that no code of the server lacks a text; one of a newer server has its words.
  const texts: Record<Schemas['FieldCode'], string | ((words: string) => string)> = {
    ...say(fieldText),
    ...say(closerText),
  };
  const text = (texts as Partial<Record<string, string | ((words: string) => string)>>)[code];
  return text === undefined ? message : typeof text === 'string' ? text : text(message);
}
