import { Link } from '@tanstack/react-router';
import {
  AlarmClock,
  AlertTriangle,
  AtSign,
  Check,
  CircleDot,
  Clock,
  Inbox,
  MessageSquare,
  Siren,
  UserPlus,
  Workflow,
  Zap,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { Notification } from '../../api/types';
import { number, useFormat } from '../../format';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { Ago } from '../../ui/time';
import styles from './notifications.module.css';
import type { Kind } from './pages';
import { notificationText } from './text';

const icons: Record<Kind, ReactNode> = {
  ticket_created: <Inbox size={16} />,
  ticket_assigned: <UserPlus size={16} />,
  status_changed: <CircleDot size={16} />,
  comment_added: <MessageSquare size={16} />,
  mention: <AtSign size={16} />,
  escalation: <Siren size={16} />,
  sla_warning: <Clock size={16} />,
  sla_breach: <AlertTriangle size={16} />,
  snooze_ended: <AlarmClock size={16} />,
  rule: <Zap size={16} />,
  workflow_disabled: <Workflow size={16} />,
};

/** One thing that was told; opening it reads it. */
export function Row({ notification: one, onRead }: { notification: Notification; onRead: () => void }) {
  const words = useText(notificationText);
  useFormat();
  const isUnread = one.read_at === undefined;
  const body = (
    <>
      <span className={styles.icon} data-kind={one.kind} title={words.kinds[one.kind]}>
        {icons[one.kind]}
        <span className="visually-hidden">{words.kinds[one.kind]}</span>
      </span>
      <span className={styles.words}>
        <span className={styles.what} dir="auto">
          {isUnread && <span className="visually-hidden">{words.isUnread}: </span>}
          {one.title}
          {one.count > 1 && <span className={styles.count}>{words.times(number(one.count))}</span>}
        </span>
        {one.message !== '' && (
          <span className={styles.message} dir="auto">
            {one.message}
          </span>
        )}
        <span className={styles.about}>
          {one.ticket_number !== null && !one.title.includes(one.ticket_number) && <span>{one.ticket_number}</span>}
          <Ago at={one.updated_at} />
        </span>
      </span>
    </>
  );
  return (
    <div className={styles.row} data-unread={isUnread || undefined}>
      {one.ticket_number === null ? (
        <Link to="/workflows" data-row className={styles.link} onClick={onRead}>
          {body}
        </Link>
      ) : (
        <Link
          to="/tickets/$ticket"
          params={{ ticket: one.ticket_number }}
          data-row
          className={styles.link}
          onClick={onRead}
        >
          {body}
        </Link>
      )}
      {isUnread && (
        <span className={styles.mark}>
          <Button size="small" label={words.read} icon={<Check size={16} />} onClick={onRead} />
          <span className={styles.dot} aria-hidden />
        </span>
      )}
    </div>
  );
}
