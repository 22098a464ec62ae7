/** What a ticket is, changed in place. */
import { PRIORITIES, STATUSES, type Ticket } from '../../../api/types';
import { useFormat } from '../../../format';
import { useText } from '../../../text';
import { PriorityBadge, StatusBadge, ticketText } from '../../../ui/badge';
import { Button } from '../../../ui/button';
import { use } from 'react';
import { useChangeTicket } from '../use-change-ticket';
import { ChoiceRow } from './choice-row';
import { CustomFields } from './custom-fields';
import { mostUsed, useKnownTickets } from './known';
import { AssigneeRow, TeamRow } from './people-row';
import { propertiesText } from './properties.text';
import { ReadOnly, Row, emptyClass } from './row';
import { PriorityShape, StatusShape } from './shapes';
import { TagsRow } from './tags-row';
import { TextRow } from './text-row';

/** Where a ticket may go from here: a closed one only goes back to open. */
export function nextStatuses(ticket: Ticket): readonly Ticket['status'][] {
  return ticket.status === 'closed' ? ['open', 'closed'] : STATUSES;
}

export function Properties({ ticket }: { ticket: Ticket }) {
  const words = useText(propertiesText);
  const names = useText(ticketText);
  const change = useChangeTicket(ticket);
  const known = useKnownTickets();
  const { dateTime } = useFormat();
  const isReadOnly = use(ReadOnly);
  return (
    <>
      <ChoiceRow
        label={words.status}
        value={names.status[ticket.status]}
        selected={ticket.status}
        options={nextStatuses(ticket).map((id) => ({
          id,
          label: names.status[id],
          icon: <StatusShape status={id} />,
        }))}
        onPick={(id) => void change({ status: id as Ticket['status'] })}
      >
        <StatusBadge status={ticket.status} />
      </ChoiceRow>
      {ticket.wake_at != null && (
        <Row label={words.wakeAt}>
          {dateTime(ticket.wake_at)}{' '}
          {!isReadOnly && (
            <Button size="small" kind="quiet" onClick={() => void change({ status: 'open' })}>
              {words.wake}
            </Button>
          )}
        </Row>
      )}
      <ChoiceRow
        label={words.priority}
        value={names.priority[ticket.priority]}
        selected={ticket.priority}
        options={PRIORITIES.toReversed().map((id) => ({
          id,
          label: names.priority[id],
          icon: <PriorityShape priority={id} />,
        }))}
        onPick={(id) => void change({ priority: id as Ticket['priority'] })}
      >
        <PriorityBadge priority={ticket.priority} />
      </ChoiceRow>
      {(ticket.escalation_level ?? 0) > 0 && (
        <Row label={words.escalation}>{words.level(ticket.escalation_level ?? 0)}</Row>
      )}
      <AssigneeRow ticket={ticket} />
      <TeamRow ticket={ticket} />
      <TextRow
        ticket={ticket}
        label={words.category}
        field="category"
        maxLength={100}
        value={ticket.category ?? ''}
        suggestions={mostUsed(known().flatMap((one) => one.category ?? []))}
        toChange={(typed) => ({ category: typed === '' ? null : typed })}
      >
        {ticket.category === null ? (
          <span className={emptyClass}>{words.none}</span>
        ) : (
          <span dir="auto">{ticket.category}</span>
        )}
      </TextRow>
      <TagsRow ticket={ticket} />
      <CustomFields ticket={ticket} />
    </>
  );
}
