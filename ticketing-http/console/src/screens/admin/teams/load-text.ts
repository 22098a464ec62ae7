import { defineText, plural } from '../../../text';

export const loadText = defineText(
  {
    title: 'Load',
    about: 'What the members hold at this moment, of all teams. Whoever is next in turn stands first.',
    availability: 'Availability',
    open: 'Open tickets',
    of: (open: string, capacity: string) => `${open} of ${capacity}`,
    noneWaits: 'No ticket waits for somebody.',
    waiting: (n: number, shown: string) =>
      plural(n, { one: 'One ticket waits for somebody', other: `${shown} tickets wait for somebody` }),
    decisions: 'Latest decisions',
    decisionsAbout: 'How the tickets of the team found their agents, as far as you see these tickets.',
    noneTitle: 'No decisions yet',
    none: 'Each time the team’s routing looks for an agent, it is told here.',
    byHand: 'Tickets of this team are given out by hand. Choose another routing, and each decision is told here.',
    ticket: 'Ticket',
    openTicket: 'Open the ticket',
  },
  {
    title: 'Auslastung',
    about: 'Was die Mitglieder jetzt haben, aus allen Teams. Wer als Nächstes an der Reihe ist, steht zuerst.',
    availability: 'Verfügbarkeit',
    open: 'Offene Tickets',
    of: (open: string, capacity: string) => `${open} von ${capacity}`,
    noneWaits: 'Kein Ticket wartet auf jemanden.',
    waiting: (n: number, shown: string) =>
      plural(n, { one: 'Ein Ticket wartet auf jemanden', other: `${shown} Tickets warten auf jemanden` }),
    decisions: 'Letzte Entscheidungen',
    decisionsAbout: 'Wie die Tickets des Teams ihre Agenten gefunden haben, soweit Sie diese Tickets sehen.',
    noneTitle: 'Noch keine Entscheidungen',
    none: 'Hier steht jede Suche der Verteilung nach einem Agenten.',
    byHand: 'Tickets dieses Teams werden von Hand verteilt. Mit einer anderen Verteilung steht hier jede Entscheidung.',
    ticket: 'Ticket',
    openTicket: 'Ticket öffnen',
  },
);
