/** A ticket: what was said, where one answers, and beside it all that is known of it. */
import { Link, useNavigate, useParams, useRouter } from '@tanstack/react-router';
import { CircleHelp } from 'lucide-react';
import { Suspense, lazy, useEffect, useRef } from 'react';
import { useTitle } from '../../app/desk';
import { Problem } from '../../api/problem';
import { useMe } from '../../api/session';
import type { Ticket } from '../../api/types';
import { useCommands } from '../../keys/commands';
import { useFormat } from '../../format';
import { useText } from '../../text';
import { Button, buttonClass } from '../../ui/button';
import { Empty } from '../../ui/empty';
import { Skeleton } from '../../ui/skeleton';
import { reason } from '../../ui/toast';
import { lastList } from '../queue/last';
import { Composer, type ComposerHandle } from './composer/composer';
import composerStyles from './composer/composer.module.css';
import { quoted } from './composer/editing';
import { sendWaiting } from './composer/outbox';
import { usePost } from './composer/post';
import { composerText } from './composer/text';
import { Typing } from './composer/typing';
import { Conversation, type ConversationHandle } from './conversation/conversation';
import { useHistory } from './conversation/history';
import type { Said } from './conversation/message';
import { useCustomerName } from './conversation/opener';
import { Header } from './header';
import { Summary } from './summary';
import { ticketPageText } from './text';
import styles from './ticket.module.css';
import { usePanel } from './use-panel';
import { useReading } from './use-reading';
import { useChangeTicket } from './use-change-ticket';
import { useTicket } from './use-ticket';

const TicketPanel = lazy(() => import('./panel'));
const Drawer = lazy(() => import('./drawer'));

export default function Screen() {
  const { ticket: number = '' } = useParams({ strict: false });
  const words = useText(ticketPageText);
  const { data: ticket, error, refetch } = useTicket(number);
  const navigate = useNavigate();
  const canonical = ticket?.ticket_number;
  // A ticket is kept by its number; a link may name it otherwise.
  useEffect(() => {
    if (canonical !== undefined && canonical !== number)
      void navigate({ to: '/tickets/$ticket', params: { ticket: canonical }, hash: true, replace: true });
  }, [canonical, number, navigate]);
  usePost();

  if (ticket !== undefined && canonical === number) return <Page key={ticket.id} ticket={ticket} />;
  if (error !== null) {
    const isMissing =
      error instanceof Problem && (error.status === 404 || error.status === 400 || error.status === 422);
    return (
      <Empty
        isPage
        title={isMissing ? words.missing : words.failed}
        icon={<CircleHelp size={28} />}
        action={
          isMissing ? (
            <Link to="/" search={lastList()} className={buttonClass('primary')}>
              {words.toList}
            </Link>
          ) : (
            <Button kind="primary" onClick={() => void refetch()}>
              {words.retry}
            </Button>
          )
        }
      >
        {isMissing ? words.missingHint : reason(error)}
      </Empty>
    );
  }
  return (
    <div className={styles.waiting}>
      <Skeleton lines={2} />
      <Skeleton lines={8} />
    </div>
  );
}

function Page({ ticket }: { ticket: Ticket }) {
  const me = useMe();
  const words = useText(ticketPageText);
  const writing = useText(composerText);
  const format = useFormat();
  const router = useRouter();
  const isStaff = me.role !== 'customer';
  const history = useHistory(ticket.ticket_number);
  const customer = useCustomerName(ticket);
  const panel = usePanel();
  const composer = useRef<ComposerHandle>(null);
  const conversation = useRef<ConversationHandle>(null);
  const change = useChangeTicket(ticket);
  useReading(ticket.id);
  useTitle(`${ticket.subject} · ${ticket.ticket_number}`);
  // What can still be taken back here is sent when one goes elsewhere.
  useEffect(() => () => sendWaiting(ticket.id), [ticket.id]);

  const toList = () => void router.navigate({ to: '/', search: lastList() });
  useCommands([
    { id: 'ticket.list', group: words.group, title: words.toList, keys: ['u'], run: toList },
    ...(isStaff
      ? [{ id: 'ticket.details', group: words.group, title: words.toggleDetails, keys: ['t'], run: panel.toggle }]
      : []),
  ]);

  const onQuote = (said: Said) =>
    composer.current?.add(quoted(said.body, writing.wrote(said.author.name, format.dateTime(said.created_at))));
  const isMerged = ticket.merged_into != null;
  const isClosed = ticket.status === 'closed' && !isMerged;
  return (
    <div className={styles.page}>
      <Header ticket={ticket} isStaff={isStaff} isPanelOpen={panel.isOpen} onPanel={panel.toggle} />
      <div className={styles.body}>
        <div className={styles.middle}>
          {!isStaff && <Summary ticket={ticket} onReopened={() => composer.current?.write('reply')} />}
          <Conversation
            ref={conversation}
            ticket={ticket}
            history={history}
            customer={customer}
            onQuote={onQuote}
            onBack={(isNote) => composer.current?.write(isNote ? 'note' : 'reply')}
          />
          <div className={styles.foot}>
            <Typing ticketId={ticket.id} />
            {isMerged && (
              <p className={composerStyles.notice}>
                {writing.merged}
                <Link
                  to="/tickets/$ticket"
                  params={{ ticket: ticket.merged_into ?? '' }}
                  className={buttonClass('plain', 'small')}
                >
                  {words.openOther}
                </Link>
              </p>
            )}
            {isClosed && isStaff ? (
              <p className={composerStyles.notice}>
                {writing.closed}
                <Button size="small" onClick={() => void change({ status: 'open' })}>
                  {writing.reopen}
                </Button>
              </p>
            ) : (
              <>
                {isClosed && <p className={composerStyles.notice}>{writing.closedForCustomer}</p>}
                <Composer
                  ref={composer}
                  ticket={ticket}
                  customer={customer}
                  comments={history.comments}
                  onSent={() => requestAnimationFrame(() => conversation.current?.toNewest())}
                />
              </>
            )}
          </div>
        </div>
        {isStaff && panel.isWide && panel.isOpen && (
          <aside className={styles.panel} aria-label={words.details}>
            <Suspense fallback={<Skeleton lines={10} />}>
              <TicketPanel ticket={ticket} />
            </Suspense>
          </aside>
        )}
      </div>
      <Suspense>
        {isStaff && !panel.isWide && panel.isOpen && (
          <Drawer onClose={panel.close}>
            <Suspense fallback={<Skeleton lines={10} />}>
              <TicketPanel ticket={ticket} />
            </Suspense>
          </Drawer>
        )}
      </Suspense>
    </div>
  );
}
