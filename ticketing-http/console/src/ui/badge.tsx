/** How a ticket stands, shown alike everywhere: a word with a shape, never a colour alone. */
import {
  AlertTriangle,
  CheckCircle2,
  Circle,
  CircleDashed,
  CircleDot,
  CircleSlash,
  Clock,
  Pause,
  Signal,
  SignalHigh,
  SignalLow,
  SignalMedium,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { Priority, Status, Ticket } from '../api/types';
import { dateTime, duration } from '../format';
import { defineText, useText } from '../text';
import styles from './badge.module.css';
import { classes } from './classes';
import { useNow } from './time';

export const ticketText = defineText(
  {
    status: {
      open: 'Open',
      in_progress: 'In progress',
      pending: 'Pending',
      on_hold: 'On hold',
      resolved: 'Resolved',
      closed: 'Closed',
    },
    priority: { low: 'Low', medium: 'Medium', high: 'High', critical: 'Critical' },
    sla: {
      first_response: 'First response',
      next_response: 'Next response',
      resolution: 'Resolution',
      due: (what: string, at: string) => `${what} due ${at}`,
      late: (time: string) => `${time} late`,
      left: (time: string) => `${time} left`,
      paused: 'Paused',
      broken: 'Breached',
    },
  },
  {
    status: {
      open: 'Offen',
      in_progress: 'In Arbeit',
      pending: 'Wartend',
      on_hold: 'Zurückgestellt',
      resolved: 'Gelöst',
      closed: 'Geschlossen',
    },
    priority: { low: 'Niedrig', medium: 'Mittel', high: 'Hoch', critical: 'Kritisch' },
    sla: {
      first_response: 'Erste Antwort',
      next_response: 'Nächste Antwort',
      resolution: 'Lösung',
      due: (what: string, at: string) => `${what} fällig ${at}`,
      late: (time: string) => `${time} zu spät`,
      left: (time: string) => `noch ${time}`,
      paused: 'Angehalten',
      broken: 'Überschritten',
    },
  },
);

const statusIcons: Record<Status, ReactNode> = {
  open: <Circle size={14} />,
  in_progress: <CircleDot size={14} />,
  pending: <CircleDashed size={14} />,
  on_hold: <Pause size={14} />,
  resolved: <CheckCircle2 size={14} />,
  closed: <CircleSlash size={14} />,
};

const priorityIcons: Record<Priority, ReactNode> = {
  low: <SignalLow size={14} />,
  medium: <SignalMedium size={14} />,
  high: <SignalHigh size={14} />,
  critical: <Signal size={14} />,
};

export function StatusBadge({ status }: { status: Status }) {
  const words = useText(ticketText);
  return (
    <span className={styles.badge} data-status={status}>
      {statusIcons[status]}
      {words.status[status]}
    </span>
  );
}

export function PriorityBadge({ priority, isBare = false }: { priority: Priority; isBare?: boolean }) {
  const words = useText(ticketText);
  return (
    <span className={styles.badge} data-priority={priority} title={isBare ? words.priority[priority] : undefined}>
      {priorityIcons[priority]}
      <span className={isBare ? 'visually-hidden' : undefined}>{words.priority[priority]}</span>
    </span>
  );
}

type Metric = NonNullable<NonNullable<Ticket['sla']>['due_metric']>;

/** The promise that is due first, or late, as the desk says: it alone knows which were kept and which count now. */
export function nextDue({ sla, status }: Ticket): { metric: Metric; at: string } | undefined {
  // What was just resolved here has clocks that the desk has not stopped yet.
  if (sla?.due_metric == null || sla.due_at == null || status === 'resolved' || status === 'closed') return undefined;
  return { metric: sla.due_metric, at: sla.due_at };
}

/** How long there is until a promise is due, or by how much it is late. */
export function SlaChip({ ticket }: { ticket: Ticket }) {
  const words = useText(ticketText);
  const due = nextDue(ticket);
  const now = useNow(due === undefined ? 3_600_000 : 15_000);
  const sla = ticket.sla;
  if (sla == null) return null;
  if (due === undefined) {
    if (sla.paused_since != null) {
      return (
        <span className={styles.chip}>
          <Pause size={12} />
          {words.sla.paused}
        </span>
      );
    }
    const isBroken = ticket.is_sla_breached === true;
    return isBroken ? (
      <span className={classes(styles.chip, styles.late)}>
        <AlertTriangle size={12} />
        {words.sla.broken}
      </span>
    ) : null;
  }
  const left = new Date(due.at).getTime() - now;
  const tone = left < 0 ? styles.late : left < 3_600_000 ? styles.soon : undefined;
  return (
    <span className={classes(styles.chip, tone)} title={words.sla.due(words.sla[due.metric], dateTime(due.at))}>
      {left < 0 ? <AlertTriangle size={12} /> : <Clock size={12} />}
      {left < 0 ? words.sla.late(duration(left)) : words.sla.left(duration(left))}
    </span>
  );
}
