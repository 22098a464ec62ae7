import { useState } from 'react';
import { useLive, useWatching } from '../../api/live';
import { useMe } from '../../api/session';
import { useText } from '../../text';
import { Avatar } from '../../ui/avatar';
import styles from './header.module.css';
import { ticketPageText } from './text';

const MOST = 4;

/** Who else looks at the ticket now; being there says that one does oneself. */
export function Viewers({ ticketId }: { ticketId: string }) {
  const me = useMe();
  const words = useText(ticketPageText);
  const [users, setUsers] = useState<{ id: string; name: string }[]>([]);
  // Heard before one says that one is there.
  useLive('viewers', (event) => {
    if (event.ticket_id === ticketId) setUsers(event.users.filter((user) => user.id !== me.id));
  });
  useWatching(ticketId);
  if (users.length === 0) return null;
  const names = users.map((user) => user.name).join(', ');
  return (
    <span className={styles.viewers} role="img" aria-label={words.viewers(names)} title={words.viewers(names)}>
      {users.slice(0, MOST).map((user) => (
        <Avatar key={user.id} name={user.name} size={24} />
      ))}
      {users.length > MOST && <span className={styles.moreViewers}>+{users.length - MOST}</span>}
    </span>
  );
}
