import { Link } from '@tanstack/react-router';
import { defineText, useText } from '../text';
import { buttonClass } from '../ui/button';
import { Empty } from '../ui/empty';
import { useTitle } from './desk';

const text = defineText(
  { title: 'There is no such page', body: 'It may have moved, or the address is not whole.', back: 'To the tickets' },
  {
    title: 'Diese Seite gibt es nicht',
    body: 'Vielleicht ist sie umgezogen, oder die Adresse ist nicht vollständig.',
    back: 'Zu den Tickets',
  },
);

export function NotFound() {
  const words = useText(text);
  useTitle(words.title);
  return (
    <Empty
      isPage
      title={words.title}
      action={
        <Link to="/" className={buttonClass('primary')}>
          {words.back}
        </Link>
      }
    >
      {words.body}
    </Empty>
  );
}

/** The same where nothing else is around it. */
export function NotFoundPage() {
  return (
    <main>
      <NotFound />
    </main>
  );
}
