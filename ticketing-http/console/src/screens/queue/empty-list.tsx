/** Why a list is empty, and what one may do. */
import { Link } from '@tanstack/react-router';
import { CircleCheck, ListFilter } from 'lucide-react';
import { defineText, useText } from '../../text';
import { Button, buttonClass } from '../../ui/button';
import { Empty } from '../../ui/empty';
import type { QueueId } from './queues';

const text = defineText(
  {
    filtered: 'No ticket matches these filters',
    filteredBody: 'With fewer of them there may be some.',
    clear: 'Clear the filters',
    unassigned: 'See what nobody has taken',
    open: 'See all open tickets',
    create: 'Write a ticket',
    title: {
      mine: 'Nothing waits for you',
      unassigned: 'Everything is in good hands',
      breaching: 'No promise is at risk',
      waiting: 'No customer owes an answer',
      open: 'All tickets are solved',
      recent: 'There are no tickets yet',
    },
    body: {
      mine: 'Tickets that you take, or that are given to you, appear here.',
      unassigned: 'Tickets that nobody has taken appear here as they come in.',
      breaching: 'What is late, or due within four hours, appears here.',
      waiting: 'Tickets that wait for the customer appear here.',
      open: 'New ones appear here as they come in.',
      recent: 'They appear here as soon as somebody writes.',
    },
  },
  {
    filtered: 'Kein Ticket passt zu diesen Filtern',
    filteredBody: 'Mit weniger Filtern gibt es vielleicht welche.',
    clear: 'Filter entfernen',
    unassigned: 'Nicht zugewiesene ansehen',
    open: 'Alle offenen ansehen',
    create: 'Ticket schreiben',
    title: {
      mine: 'Auf Sie wartet nichts',
      unassigned: 'Alles ist in guten Händen',
      breaching: 'Keine Zusage ist in Gefahr',
      waiting: 'Kein Kunde ist eine Antwort schuldig',
      open: 'Alle Tickets sind gelöst',
      recent: 'Es gibt noch keine Tickets',
    },
    body: {
      mine: 'Hier erscheinen Tickets, die Sie übernehmen oder die man Ihnen gibt.',
      unassigned: 'Hier erscheinen Tickets, die noch niemand übernommen hat.',
      breaching: 'Hier erscheint, was zu spät ist oder in den nächsten vier Stunden fällig wird.',
      waiting: 'Hier erscheinen Tickets, die auf den Kunden warten.',
      open: 'Neue erscheinen hier, sobald sie eintreffen.',
      recent: 'Sie erscheinen hier, sobald jemand schreibt.',
    },
  },
);

/** Where somebody with an empty list may go on. */
const NEXT: Record<QueueId, 'unassigned' | 'open' | 'create'> = {
  mine: 'unassigned',
  unassigned: 'open',
  breaching: 'open',
  waiting: 'open',
  open: 'create',
  recent: 'create',
};

interface Props {
  queue: QueueId;
  isFiltered: boolean;
  onClearFilters: () => void;
}

export function EmptyList({ queue, isFiltered, onClearFilters }: Props) {
  const words = useText(text);
  if (isFiltered) {
    return (
      <Empty
        title={words.filtered}
        icon={<ListFilter size={20} />}
        action={<Button onClick={onClearFilters}>{words.clear}</Button>}
      >
        {words.filteredBody}
      </Empty>
    );
  }
  const next = NEXT[queue];
  return (
    <Empty
      title={words.title[queue]}
      icon={<CircleCheck size={20} />}
      action={
        next === 'create' ? (
          <Link to="/tickets/new" className={buttonClass()}>
            {words.create}
          </Link>
        ) : (
          <Link to="/" search={{ queue: next }} className={buttonClass()}>
            {words[next]}
          </Link>
        )
      }
    >
      {words.body[queue]}
    </Empty>
  );
}
