/** Why a list is empty, and what one may do. Loaded where there is none to show. */
import { Link } from '@tanstack/react-router';
import { CircleCheck, ListFilter } from 'lucide-react';
import { defineText, useText } from '../../text';
import { Button, buttonClass } from '../../ui/button';
import { Empty } from '../../ui/empty';
import { BrokenView } from '../views/broken-view';
import { isChanged, type View } from './view';
import { useViews, type BuiltIn, type SavedView } from './views';

const text = defineText(
  {
    filtered: 'No ticket matches these filters',
    filteredBody: 'With fewer of them there may be some.',
    clear: 'Clear the filters',
    unassigned: 'See what nobody has taken',
    open: 'See all open tickets',
    create: 'Write a ticket',
    other: 'This view has no tickets',
    otherBody: 'Those that fit appear here as they come in.',
    gone: 'This view is not there any more',
    goneBody: 'It was deleted, or is no longer shared with you.',
    first: 'Go to the first view',
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
    other: 'Diese Ansicht hat keine Tickets',
    otherBody: 'Hier erscheinen passende, sobald sie eintreffen.',
    gone: 'Diese Ansicht gibt es nicht mehr',
    goneBody: 'Sie wurde gelöscht oder ist nicht mehr mit Ihnen geteilt.',
    first: 'Zur ersten Ansicht',
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
const NEXT: Record<BuiltIn, 'unassigned' | 'open' | 'create'> = {
  mine: 'unassigned',
  unassigned: 'open',
  breaching: 'open',
  waiting: 'open',
  open: 'create',
  recent: 'create',
};

interface Props {
  view: View;
  saved: SavedView | undefined;
  isGone: boolean;
  onReset: () => void;
}

export default function EmptyList({ view, saved, isGone, onReset }: Props) {
  const words = useText(text);
  const views = useViews();
  if (isGone) {
    return (
      <Empty
        title={words.gone}
        action={
          <Link to="/" search={{}} className={buttonClass()}>
            {words.first}
          </Link>
        }
      >
        {words.goneBody}
      </Empty>
    );
  }
  if (saved?.is_broken === true) return <BrokenView view={saved} />;
  if (isChanged(view)) {
    return (
      <Empty
        title={words.filtered}
        icon={<ListFilter size={20} />}
        action={<Button onClick={onReset}>{words.clear}</Button>}
      >
        {words.filteredBody}
      </Empty>
    );
  }
  // What somebody has changed of it may ask for something else.
  const key = saved?.version === 0 ? saved.key : null;
  const wanted = key === null ? 'create' : NEXT[key];
  const isThere = views.data?.some((one) => one.key === wanted && one.version === 0) === true;
  const next = isThere ? wanted : 'create';
  return (
    <Empty
      title={key === null ? words.other : words.title[key]}
      icon={<CircleCheck size={20} />}
      action={
        next === 'create' ? (
          <Link to="/tickets/new" className={buttonClass()}>
            {words.create}
          </Link>
        ) : (
          <Link to="/" search={{ view: next }} className={buttonClass()}>
            {words[next]}
          </Link>
        )
      }
    >
      {key === null ? words.otherBody : words.body[key]}
    </Empty>
  );
}
