/** In German, what can be wrong with a field where English has the server's words. */
import type { Schemas } from '../api/types';
import type { fieldText } from './fault';

/** Faults whose kind says enough. */
export const KIND = {
  same: 'Ein Ticket lässt sich nicht mit sich selbst verbinden.',
  overlap: 'Ein Tag davon gehört schon zu einem anderen Zeitraum.',
  too_deep: 'Das ist zu tief verschachtelt.',
  may_not_see: 'Diese Person darf das Ticket nicht sehen.',
  not_for_staff: 'Nur Kunden gehören zu einer Organisation.',
  not_for_type: 'Optionen haben nur Felder, in denen man auswählt.',
  not_for_payload: 'Das gehört nur zu einer eigenen Vorlage.',
};

/** Faults of which the server's words say more than their kind. */
// The compiler sees to it that no code of the server lacks a text.
export const CLOSER = {
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
} satisfies Record<Exclude<Schemas['FieldCode'], keyof (typeof fieldText)['en'] | keyof typeof KIND>, string>;
