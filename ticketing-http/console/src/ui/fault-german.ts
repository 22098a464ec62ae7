/** In German, what can be wrong. */
import type { Schemas } from '../api/types';
import type { PLAIN } from './fault';

type Words = Partial<Record<string, string>>;

/** Faults of fields whose kind says enough in English too. */
export const OWN: typeof PLAIN = {
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
};

const KIND = {
  same: 'Ein Ticket lässt sich nicht mit sich selbst verbinden.',
  overlap: 'Ein Tag davon gehört schon zu einem anderen Zeitraum.',
  too_deep: 'Das ist zu tief verschachtelt.',
  may_not_see: 'Diese Person darf das Ticket nicht sehen.',
  not_for_staff: 'Nur Kunden gehören zu einer Organisation.',
  not_for_type: 'Optionen haben nur Felder, in denen man auswählt.',
  not_for_payload: 'Das gehört nur zu einer eigenen Vorlage.',
};

/** Faults of fields of which the server's words say more than their kind. */
// The compiler sees to it that no code of the server lacks a text.
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
  missing_variable: 'Dafür hat das Ticket nichts.',
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
} satisfies Record<Exclude<Schemas['FieldCode'], keyof typeof PLAIN | keyof typeof KIND>, string>;

/** Problems whose kind says enough. */
const PROBLEM: Words = {
  erased: 'Die Daten dieser Person wurden gelöscht.',
  illegal_transition: 'Ein geschlossenes Ticket lässt sich nur wieder öffnen.',
  internal: 'Auf dem Server ist etwas schiefgegangen. Dort ist es vermerkt.',
  invalid: 'Einiges davon kann so nicht übernommen werden.',
  last_admin: 'Sonst könnte niemand mehr den Helpdesk verwalten. Bestimmen Sie zuerst jemand anderen dafür.',
  not_ended: 'Das läuft noch. Bitte warten Sie, bis es fertig ist.',
  not_escalated: 'Das Ticket ist nicht eskaliert.',
  not_found: 'Das gibt es nicht, oder es ist nicht für Sie bestimmt.',
  not_looked_through: 'Nur eine Tabelle, die geprüft und noch da ist, lässt sich übernehmen.',
  not_merged: 'Das Ticket wurde nicht mit einem anderen zusammengeführt.',
  not_repeatable: 'Das wurde schon getan. Was geheim daran war, wird nicht noch einmal gesagt.',
  not_resolved: 'Nur ein gelöstes Ticket lässt sich wieder öffnen.',
  not_set_up: 'Das ist hier nicht eingerichtet.',
  outcome_unknown: 'Vielleicht wurde es getan, vielleicht nicht. Bitte sehen Sie nach, bevor Sie es noch einmal tun.',
  overloaded: 'Gerade ist zu viel auf einmal zu tun. Bitte gleich noch einmal versuchen.',
  parent_cycle: 'Ein Ticket kann nicht über sich selbst stehen.',
  rate_limited: 'Das war zu oft. Bitte gleich noch einmal versuchen.',
  refused: 'Das wurde abgelehnt.',
  repeated: 'Das wurde schon getan.',
  resolved_long_ago: 'Das Ticket wurde vor zu langer Zeit gelöst. Was Sie schreiben, eröffnet ein neues.',
  rights_changed: 'Ihre Rechte haben sich gerade geändert. Bitte sehen Sie nach und versuchen Sie es noch einmal.',
  stale_version: 'Jemand anderes hat das inzwischen geändert. Bitte sehen Sie es an und versuchen Sie es noch einmal.',
  target_merged: 'Das andere Ticket wurde selbst schon zusammengeführt.',
  ticket_closed: 'Das Ticket ist geschlossen.',
  ticket_merged: 'Das Ticket wurde mit einem anderen zusammengeführt.',
  timeout: 'Die Antwort hat zu lange gedauert. Vielleicht geschieht es noch.',
  wrong_lines: 'Einige Zeilen stimmen nicht; sie lassen sich auslassen.',
  unavailable: 'Das geht gerade nicht. Bitte gleich noch einmal versuchen.',
};

/** Problems of which the server's words say more than their kind. */
const CLOSER_PROBLEM: Words = {
  bad_signature: 'Die Unterschrift fehlt oder stimmt nicht.',
  duplicate: 'Das gibt es schon.',
  forbidden: 'Das steht Ihnen nicht zu.',
  gone: 'Etwas davon gibt es nicht mehr.',
  has_parent: 'Das Ticket hat schon eines über sich.',
  in_use: 'Das wird noch verwendet.',
  inactive: 'Das ist nicht aktiv.',
  macro_broken: 'Etwas, das das Makro nennt, gibt es nicht mehr.',
  macro_not_possible: 'Das Makro geht bei diesem Ticket nicht.',
  malformed: 'Das lässt sich nicht lesen.',
  method_not_allowed: 'Das geht hier nicht.',
  not_open: 'Das ist schon erledigt.',
  open_blockers: 'Offene Tickets blockieren dieses.',
  other_customer: 'Das andere Ticket hat einen anderen Kunden.',
  scope: 'Das darf dieser Schlüssel nicht.',
  target_closed: 'Das andere Ticket ist geschlossen.',
  timer_running: 'Ihre Zeitmessung läuft schon für ein Ticket.',
  too_deep: 'So viele Tickets dürfen nicht übereinander stehen.',
  too_large: 'Das ist zu groß.',
  too_many: 'Mehr davon darf es nicht geben.',
  too_many_comments: 'So viele Nachrichten lassen sich nicht zusammenführen.',
  too_many_keys: 'Mehr Schlüssel darf niemand haben.',
  too_many_links: 'Mehr Verknüpfungen darf ein Ticket nicht haben.',
  too_many_merged: 'So viele Tickets lassen sich nicht zusammenführen.',
  too_many_watchers: 'So viele Beobachter lassen sich nicht zusammenführen.',
  top_level: 'Höher lässt sich das Ticket nicht eskalieren.',
  unauthenticated: 'Dafür muss man sich anmelden.',
  unsupported_media_type: 'Dateien dieser Art gehen hier nicht.',
  view_broken: 'Etwas, das die Ansicht nennt, gibt es nicht mehr.',
};

function inWords(kinds: Words, closer: Words, code: string, english: string): string | undefined {
  // What the kind leaves open, such as a limit, is in the server's words alone.
  return closer[code] === undefined ? kinds[code] : `${closer[code]} (${english})`;
}

export const faultWords = (code: string, english: string) => inWords({ ...OWN, ...KIND }, CLOSER, code, english);

export function problemWords(code: string, english: string): string | undefined {
  // Which tickets they are is what one wants to know.
  const blockers = code === 'open_blockers' ? /: ([\w-]+(, [\w-]+)*)\.$/.exec(english)?.[1] : undefined;
  if (blockers !== undefined) return `Offene Tickets blockieren dieses: ${blockers}.`;
  return inWords(PROBLEM, CLOSER_PROBLEM, code, english);
}
