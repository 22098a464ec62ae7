/** What stands beside a conversation: what the ticket is, who asks, what was promised, and what it hangs together with. */
import { useMe } from '../../../api/session';
import type { Ticket } from '../../../api/types';
import { useLive } from '../../../api/live';
import { useQueryClient } from '@tanstack/react-query';
import { defineText, useText } from '../../../text';
import { SlaChip } from '../../../ui/badge';
import { MergedBanner } from '../actions/merged';
import { timeChanged } from '../../time/timer';
import { Facts } from './facts';
import { Links, linksKey } from './links';
import styles from './panel.module.css';
import { Properties } from './properties';
import { propertiesText } from './properties.text';
import { Requester } from './requester';
import { Routing } from './routing';
import { ReadOnly } from './row';
import { Runs } from './runs';
import { Section } from './section';
import { Sla } from './sla';
import { TicketTimer, Time } from './time';
import { Watchers, watchersKey } from './watchers';

const text = defineText(
  {
    requester: 'Requester',
    sla: 'Service level',
    watchers: 'Watchers',
    links: 'Linked tickets',
    time: 'Time',
    runs: 'Rules',
    routing: 'Assignment',
    facts: 'Details',
  },
  {
    requester: 'Anfragende Person',
    sla: 'Service-Level',
    watchers: 'Beobachtende',
    links: 'Verknüpfte Tickets',
    time: 'Zeit',
    runs: 'Regeln',
    routing: 'Zuteilung',
    facts: 'Einzelheiten',
  },
);

export default function TicketPanel({ ticket }: { ticket: Ticket }) {
  const words = useText(text);
  const properties = useText(propertiesText);
  const me = useMe();
  const queries = useQueryClient();
  const isStaff = me.role !== 'customer';
  const isMerged = ticket.merged_into !== undefined;
  useLive('ticket', (event) => {
    if (event.ticket.id !== ticket.id) return;
    // Ties and listeners are told of without what they have become.
    if (event.type?.startsWith('link.') === true || event.type === 'ticket.split')
      void queries.invalidateQueries({ queryKey: linksKey(ticket.ticket_number) });
    if (event.type?.startsWith('watcher.') === true || event.type?.startsWith('ticket.merged') === true)
      void queries.invalidateQueries({ queryKey: watchersKey(ticket) });
    // Time goes along with a merge, and comes back with its end.
    if (event.type?.startsWith('ticket.merged') === true || event.type === 'ticket.unmerged') void timeChanged(queries);
  });
  // What one was about to change of one ticket is not of the next.
  return (
    <ReadOnly key={ticket.id} value={!isStaff || isMerged}>
      <div className={styles.panel}>
        <MergedBanner ticket={ticket} />
        <Section id="properties" title={properties.title} isOpenAtFirst>
          <Properties ticket={ticket} />
        </Section>
        {isStaff && (
          <>
            <Section id="requester" title={words.requester} isOpenAtFirst>
              <Requester ticket={ticket} />
            </Section>
            <Section id="sla" title={words.sla} isOpenAtFirst aside={<SlaChip ticket={ticket} />}>
              <Sla ticket={ticket} />
            </Section>
            <Section id="links" title={words.links}>
              <Links ticket={ticket} />
            </Section>
            <Section id="watchers" title={words.watchers}>
              <Watchers ticket={ticket} />
            </Section>
            <Section id="routing" title={words.routing}>
              <Routing ticket={ticket} />
            </Section>
            <Section id="time" title={words.time} aside={<TicketTimer ticket={ticket} />}>
              <Time ticket={ticket} />
            </Section>
            <Section id="runs" title={words.runs}>
              <Runs ticket={ticket} />
            </Section>
          </>
        )}
        <Section id="facts" title={words.facts} isOpenAtFirst={!isStaff}>
          <Facts ticket={ticket} />
        </Section>
      </div>
    </ReadOnly>
  );
}
