import { Link } from '@tanstack/react-router';
import { ArrowLeft, Copy, PanelRight } from 'lucide-react';
import type { Ticket } from '../../api/types';
import { useText } from '../../text';
import { SlaChip, StatusBadge } from '../../ui/badge';
import { Button, buttonClass } from '../../ui/button';
import { copy } from '../../ui/copy';
import { lastList } from '../queue/last';
import { TicketActions } from './actions';
import styles from './header.module.css';
import { Subject } from './subject';
import { ticketPageText } from './text';
import { Viewers } from './viewers';

interface Props {
  ticket: Ticket;
  isStaff: boolean;
  isPanelOpen: boolean;
  onPanel: () => void;
}

export function Header({ ticket, isStaff, isPanelOpen, onPanel }: Props) {
  const words = useText(ticketPageText);
  const number = ticket.ticket_number;
  const isOver = ticket.status === 'resolved' || ticket.status === 'closed';
  return (
    <header className={styles.header}>
      <Link
        to="/"
        search={lastList()}
        className={buttonClass('quiet', undefined, true)}
        aria-label={words.toList}
        title={words.toList}
      >
        <ArrowLeft size={16} />
      </Link>
      <div className={styles.about}>
        <Subject ticket={ticket} canEdit={isStaff && ticket.merged_into == null} />
        <div className={styles.facts}>
          <button
            type="button"
            className={styles.number}
            aria-label={words.copyNumber(number)}
            title={words.copyNumber(number)}
            onClick={() => void copy(number, words.copied(number))}
          >
            {number}
            <Copy size={12} />
          </button>
          <StatusBadge status={ticket.status} />
          {isStaff && !isOver && <SlaChip ticket={ticket} />}
        </div>
      </div>
      <div className={styles.end}>
        <Viewers ticketId={ticket.id} />
        {isStaff && (
          <>
            <TicketActions ticket={ticket} />
            <Button
              label={words.toggleDetails}
              icon={<PanelRight size={16} />}
              aria-expanded={isPanelOpen}
              onClick={onPanel}
            />
          </>
        )}
      </div>
    </header>
  );
}
