/** One ticket of the list. There may be thousands, so it is cheap, and drawn anew only where something of it changes. */
import { Eye } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { basePath } from '../../api/base';
import type { Directory } from '../../api/directory';
import { usePerson } from '../../api/people';
import type { Organization, Ticket } from '../../api/types';
import { useText } from '../../text';
import { Avatar } from '../../ui/avatar';
import { PriorityBadge, SlaChip, StatusBadge, ticketText } from '../../ui/badge';
import { classes } from '../../ui/classes';
import { Ago } from '../../ui/time';
import type { Column, ColumnId } from './columns';
import styles from './row.module.css';
import { listText } from './text';
import { customKey } from './view';
import type { Viewer } from './viewers';

/** Where tickets are found; to work it out for every row would cost. */
const TICKETS = `${basePath()}/tickets/`;

export interface RowProps {
  ticket: Ticket;
  /** Its place in the list, from 0. */
  at: number;
  /** How far from the top, in pixels. */
  start: number;
  columns: readonly Column[];
  isCard: boolean;
  isCurrent: boolean;
  isSelected: boolean;
  isUnread: boolean;
  /** Who else looks at it now. */
  viewers: readonly Viewer[] | undefined;
  /** It was in the list, and is not any more. */
  isGone: boolean;
  directory: Directory;
  organizations: ReadonlyMap<string, Organization>;
}

/** How a row is found from an event or from outside. */
export const rowId = (ticketId: string) => `row-${ticketId}`;

function Person({ id, directory, isBare = false }: { id: string | null; directory: Directory; isBare?: boolean }) {
  const words = useText(listText);
  if (id === null) return isBare ? null : <span className={styles.nobody}>{words.nobody}</span>;
  const name = directory.staff.get(id)?.name;
  if (name === undefined) return null;
  return (
    <span className={styles.person} title={isBare ? name : undefined}>
      <Avatar name={name} size={20} />
      {!isBare && (
        <span className={styles.cut} dir="auto">
          {name}
        </span>
      )}
    </span>
  );
}

/** What a ticket says in a field that the desk has added. */
function Custom({ value }: { value: unknown }) {
  const words = useText(listText);
  const shown = typeof value === 'boolean' ? (value ? words.yes : words.no) : [value].flat().join(', ');
  return (
    <span className={styles.cut} title={shown} dir="auto">
      {shown}
    </span>
  );
}

function Tags({ tags }: { tags: readonly string[] }) {
  const shown = tags.slice(0, 2);
  return (
    <span className={styles.tags} title={tags.join(', ')}>
      {shown.map((tag) => (
        <span key={tag} className={styles.tag} dir="auto">
          {tag}
        </span>
      ))}
      {tags.length > shown.length && <span className={styles.moreTags}>+{tags.length - shown.length}</span>}
    </span>
  );
}

function Viewers({ viewers }: { viewers: readonly Viewer[] }) {
  const words = useText(listText);
  const shown = viewers.slice(0, 3);
  return (
    <span className={styles.viewers} title={words.viewers(viewers.map(({ name }) => name).join(', '))}>
      <Eye size={12} />
      {shown.map(({ id, name }) => (
        <Avatar key={id} name={name} size={16} />
      ))}
      {viewers.length > shown.length && `+${viewers.length - shown.length}`}
    </span>
  );
}

export const Row = memo(function Row({
  ticket,
  at,
  start,
  columns,
  isCard,
  isCurrent,
  isSelected,
  isUnread,
  viewers,
  isGone,
  directory,
  organizations,
}: RowProps) {
  const words = useText(listText);
  const names = useText(ticketText);
  const agent = ticket.assigned_agent_id === null ? undefined : directory.staff.get(ticket.assigned_agent_id)?.name;
  const company = ticket.organization_id === null ? undefined : organizations.get(ticket.organization_id)?.name;
  const customer = usePerson(ticket.customer_id).data?.name;
  const label = [
    isUnread && words.unread,
    ticket.subject,
    customer,
    names.status[ticket.status],
    `${words.columns.priority}: ${names.priority[ticket.priority]}`,
    agent === undefined ? words.nobody : words.agent(agent),
    ticket.ticket_number,
    viewers !== undefined && words.viewers(viewers.map(({ name }) => name).join(', ')),
    isGone && words.gone,
  ];
  const cells: Record<ColumnId, () => ReactNode> = {
    status: () => <StatusBadge status={ticket.status} />,
    assignee: () => <Person id={ticket.assigned_agent_id} directory={directory} />,
    team: () => (
      <span className={styles.cut} dir="auto">
        {ticket.team_id === null ? null : directory.teams.get(ticket.team_id)?.name}
      </span>
    ),
    sla: () => <SlaChip ticket={ticket} />,
    tags: () => <Tags tags={ticket.tags} />,
    category: () => (
      <span className={styles.cut} dir="auto">
        {ticket.category}
      </span>
    ),
    channel: () => words.channel[ticket.channel],
    created: () => <Ago at={ticket.created_at} short />,
    updated: () => <Ago at={ticket.updated_at} short />,
  };
  const about = (
    <span className={styles.about}>
      <span className={styles.number}>{ticket.ticket_number}</span>
      {!isCard && viewers !== undefined && <Viewers viewers={viewers} />}
      {customer !== undefined && (
        <span className={styles.cut} dir="auto">
          {customer}
        </span>
      )}
      {company !== undefined && (
        <span className={classes(styles.cut, styles.company)} dir="auto">
          {company}
        </span>
      )}
    </span>
  );
  const subject = (
    <a className={styles.link} href={`${TICKETS}${ticket.ticket_number}`} tabIndex={-1} dir="auto">
      {ticket.subject}
    </a>
  );
  return (
    <div
      role="row"
      id={rowId(ticket.id)}
      data-ticket={ticket.id}
      aria-rowindex={at + 2}
      aria-selected={isSelected}
      aria-label={label.filter(Boolean).join(', ')}
      tabIndex={isCurrent ? 0 : -1}
      className={classes(
        styles.row,
        isCard && styles.card,
        isSelected && styles.selected,
        isUnread && styles.unread,
        isGone && styles.gone,
      )}
      style={{ transform: `translateY(${start}px)` }}
    >
      <span role="gridcell" className={styles.lead}>
        <span className={styles.dot} />
        <label className={styles.tick} data-tick>
          <input
            type="checkbox"
            tabIndex={-1}
            checked={isSelected}
            readOnly
            aria-label={words.select(ticket.subject)}
          />
        </label>
        <PriorityBadge priority={ticket.priority} isBare />
      </span>
      {isCard ? (
        <span role="gridcell" className={styles.main}>
          <span className={styles.line}>
            {subject}
            {viewers !== undefined && <Viewers viewers={viewers} />}
            <span className={styles.time}>
              <Ago at={ticket.updated_at} short />
            </span>
          </span>
          <span className={styles.line}>
            <span className={styles.facts}>
              <StatusBadge status={ticket.status} />
              {about}
            </span>
            <SlaChip ticket={ticket} />
            <Person id={ticket.assigned_agent_id} directory={directory} isBare />
          </span>
        </span>
      ) : (
        <>
          <span role="gridcell" className={styles.main}>
            {subject}
            {about}
          </span>
          {columns.map((column) => (
            <span key={column.id} role="gridcell" className={styles.cell}>
              {column.label === undefined ? (
                cells[column.id as ColumnId]()
              ) : (
                <Custom value={ticket.custom_fields[customKey(column.id) ?? '']} />
              )}
            </span>
          ))}
        </>
      )}
    </div>
  );
});
