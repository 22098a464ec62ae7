import { defineText, plural } from '../../../text';

export const replyText = defineText(
  {
    open: 'Canned responses and macros',
    list: 'Canned responses and macros',
    responses: 'Canned responses',
    macros: 'Macros',
    found: (n: number) => plural(n, { one: '1 found', other: `${n} found` }),
    none: 'Nothing of this name.',
    empty: 'There are no canned responses yet.',
    missing: (names: string) => `Missing: ${names}`,
    cut: 'The text was too long, and ends before its end.',
    gaps: 'Still to be filled in:',
    toGap: (name: string) => `Go to ${name}`,
    unfilled: 'Something is not filled in',
    unfilledOf: (names: string) => `The ticket has no value for ${names}. It stands in the text as you see it there.`,
    fillIn: 'Fill it in',
    sendAnyway: 'Send anyway',
  },
  {
    open: 'Textbausteine und Makros',
    list: 'Textbausteine und Makros',
    responses: 'Textbausteine',
    macros: 'Makros',
    found: (n: number) => `${n} gefunden`,
    none: 'So heißt hier nichts.',
    empty: 'Es gibt noch keine Textbausteine.',
    missing: (names: string) => `Fehlt: ${names}`,
    cut: 'Der Text war zu lang und endet vorzeitig.',
    gaps: 'Noch auszufüllen:',
    toGap: (name: string) => `Zu ${name}`,
    unfilled: 'Etwas ist nicht ausgefüllt',
    unfilledOf: (names: string) =>
      `Das Ticket hat keinen Wert für ${names}. Im Text steht es so, wie Sie es dort sehen.`,
    fillIn: 'Ausfüllen',
    sendAnyway: 'Trotzdem senden',
  },
);
