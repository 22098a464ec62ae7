/** How teams find agents for their tickets, in words; wherever that is told. */
import { defineText, plural } from '../text';

export const routingText = defineText(
  {
    routings: { manual: 'By hand', round_robin: 'In turn', least_loaded: 'To the least loaded' },
    availability: { online: 'Online', away: 'Away', offline: 'Offline' },
    standings: {
      chosen: 'Got it',
      later_in_turn: 'Comes later in turn',
      more_loaded: 'Has more to do',
      at_capacity: 'Has no room',
      away: 'Was away',
      offline: 'Was offline',
      inactive: 'Can’t sign in',
      lacks_skill: 'Lacks a skill',
      had_it: 'Gave it back',
    },
    got: (name: string) => `${name} got it`,
    waits: 'Nobody was free, it waited',
    gone: 'Somebody who is no longer here',
    open: (n: string, capacity: string) => `${n} of ${capacity} open`,
    openOnly: (n: string) => `${n} open`,
    why: {
      round_robin: 'Members take turns: the next who was free got it.',
      least_loaded: 'Of those who were free, whoever had the fewest open tickets got it.',
      nobody: 'None of the members was free. It goes to whoever is first.',
    },
    skills: 'Skills that it asks for:',
    waived: 'Nobody in the team had all of these, so none was asked for.',
    nobodyThere: 'The team had no members.',
    more: (n: number, shown: string) => plural(n, { one: 'And one more member.', other: `And ${shown} more members.` }),
  },
  {
    routings: { manual: 'Von Hand', round_robin: 'Reihum', least_loaded: 'An die am wenigsten ausgelastete Person' },
    availability: { online: 'Verfügbar', away: 'Abwesend', offline: 'Offline' },
    standings: {
      chosen: 'Hat es bekommen',
      later_in_turn: 'Kommt später an die Reihe',
      more_loaded: 'Hat mehr zu tun',
      at_capacity: 'Hat keinen Platz',
      away: 'War abwesend',
      offline: 'War offline',
      inactive: 'Kann sich nicht anmelden',
      lacks_skill: 'Eine Fähigkeit fehlt',
      had_it: 'Hat es zurückgegeben',
    },
    got: (name: string) => `${name} hat es bekommen`,
    waits: 'Niemand war frei, es wartete',
    gone: 'Jemand, der nicht mehr hier ist',
    open: (n: string, capacity: string) => `${n} von ${capacity} offen`,
    openOnly: (n: string) => `${n} offen`,
    why: {
      round_robin: 'Es geht reihum: Wer als Nächstes frei war, hat es bekommen.',
      least_loaded: 'Wer von den Freien die wenigsten offenen Tickets hatte, hat es bekommen.',
      nobody: 'Kein Mitglied war frei. Es geht an die erste Person, die es ist.',
    },
    skills: 'Verlangte Fähigkeiten:',
    waived: 'Niemand im Team hatte alle davon, deshalb wurde keine verlangt.',
    nobodyThere: 'Das Team hatte keine Mitglieder.',
    more: (n: number, shown: string) =>
      plural(n, { one: 'Und ein weiteres Mitglied.', other: `Und ${shown} weitere Mitglieder.` }),
  },
);
