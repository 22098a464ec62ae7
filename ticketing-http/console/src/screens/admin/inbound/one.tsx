import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Check, Download, Trash2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { api, download, ifVersion, ok, once } from '../../../api/client';
import { Problem } from '../../../api/problem';
import type { Schemas } from '../../../api/types';
import { useFormat } from '../../../format';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { toast, toastError } from '../../../ui/toast';
import { AreaHead } from '../area-head';
import { Chip } from '../chip';
import { Confirm } from '../confirm-loss';
import { useMailboxes } from '../mailboxes/data';
import panels from '../panels.module.css';
import { Loaded } from '../rows';
import { saveFile } from '../save-file';
import { Content } from './content';
import { isOpen, useMail, type InboundMail, type WholeMail } from './data';
import styles from './inbound.module.css';
import { StateChip } from './state';
import { inboundText } from './text';

export function One({ id }: { id: string }) {
  const words = useText(inboundText);
  const mail = useMail(id);
  return (
    <>
      {mail.data === undefined && <AreaHead title={words.title} back={{ area: 'inbound', label: words.back }} />}
      <Loaded of={mail}>{mail.data !== undefined && <Shown mail={mail.data} />}</Loaded>
    </>
  );
}

/** Takes a mail in after all, or wants nothing of it; only as it is shown here. */
function useDecide(mail: WholeMail, how: 'release' | 'drop', said: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (): Promise<InboundMail> => {
      const more = {
        params: { path: { id: mail.id }, header: { ...once(), ...ifVersion(mail.version) } },
        body: {},
      };
      return how === 'release'
        ? ok(api.POST('/api/inbound/{id}/release', more))
        : ok(api.POST('/api/inbound/{id}/drop', more));
    },
    onSuccess: (answer) => {
      toast(said);
      queries.setQueryData<WholeMail>(['inbound', 'one', mail.id], (old) => old && { ...old, ...answer });
    },
    onError: toastError,
    // Also where somebody else was quicker: what is shown is not so any more.
    onSettled: async (_, error) => {
      if (error === null || (error instanceof Problem && error.status !== 0))
        await queries.invalidateQueries({ queryKey: ['inbound'] });
    },
  });
}

function Shown({ mail }: { mail: WholeMail }) {
  const words = useText(inboundText);
  const [isDropping, setDropping] = useState(false);
  const release = useDecide(mail, 'release', words.released);
  const drop = useDecide(mail, 'drop', words.dropped);
  const raw = useMutation({
    mutationFn: () => download(`api/inbound/${mail.id}/raw`),
    onSuccess: (blob) => saveFile(blob, `${mail.id}.eml`),
    onError: toastError,
  });
  return (
    <>
      <AreaHead
        title={mail.subject ?? words.noSubject}
        back={{ area: 'inbound', label: words.back }}
        about={
          <>
            <StateChip state={mail.state} /> {mail.cause !== undefined && words.causes[mail.cause]}
          </>
        }
      >
        {isOpen(mail.state) && (
          <>
            <Button kind="primary" icon={<Check size={16} />} busy={release.isPending} onClick={() => release.mutate()}>
              {words.release}
            </Button>
            <Button icon={<Trash2 size={16} />} onClick={() => setDropping(true)}>
              {words.drop}
            </Button>
          </>
        )}
        <Button icon={<Download size={16} />} busy={raw.isPending} onClick={() => raw.mutate()}>
          {words.raw}
        </Button>
      </AreaHead>
      <Facts mail={mail} />
      <Verdict verdict={mail.verdict} isSpam={mail.is_spam} />
      {mail.content === null ? (
        <section className={panels.panel}>
          <p className={panels.quiet}>{words.unread}</p>
        </section>
      ) : (
        <Content content={mail.content} />
      )}
      {isDropping && (
        <Confirm
          title={words.dropTitle}
          action={words.drop}
          isBusy={drop.isPending}
          onConfirm={() => drop.mutate(undefined, { onSettled: () => setDropping(false) })}
          onClose={() => setDropping(false)}
        >
          <p>{words.dropBody}</p>
        </Confirm>
      )}
    </>
  );
}

function Facts({ mail }: { mail: WholeMail }) {
  const words = useText(inboundText);
  const format = useFormat();
  const mailboxes = useMailboxes();
  const { from, to = [] } = mail.envelope;
  const envelope = [
    ...(from === undefined ? [] : [from === '' ? words.envelopeNowhere : words.envelopeFrom(from)]),
    ...(to.length === 0 ? [] : [words.envelopeTo(to.join(', '))]),
  ].join(', ');
  const ticket = mail.ticket_id;
  return (
    <section className={panels.panel}>
      <dl className={panels.facts}>
        {mail.reason !== undefined && <Fact name={words.because}>{mail.reason}</Fact>}
        {mail.automatic !== undefined && <Fact name={words.automatic}>{mail.automatic}</Fact>}
        <Fact name={words.from}>{mail.from ?? '–'}</Fact>
        {ticket !== null && (
          <Fact name={words.ticket}>
            <Link to="/tickets/$ticket" params={{ ticket }}>
              {words.openTicket}
            </Link>
          </Fact>
        )}
        <Fact name={words.received}>{format.dateTime(mail.received_at)}</Fact>
        {mail.decided_at !== null && <Fact name={words.decided}>{format.dateTime(mail.decided_at)}</Fact>}
        <Fact name={words.door}>{words.doors[mail.door]}</Fact>
        {mail.mailbox_id !== null && (
          <Fact name={words.mailbox}>
            <Link to="/admin/$area/$id" params={{ area: 'mailboxes', id: mail.mailbox_id }}>
              {mailboxes.data?.items.find((one) => one.id === mail.mailbox_id)?.name ?? mail.mailbox_id}
            </Link>
          </Fact>
        )}
        {envelope !== '' && <Fact name={words.envelope}>{envelope}</Fact>}
        <Fact name={words.size}>{format.bytes(mail.size)}</Fact>
        {mail.message_id !== null && (
          <Fact name={words.messageId}>
            <code>{mail.message_id}</code>
          </Fact>
        )}
        {mail.left_out.length > 0 && <Fact name={words.leftOut}>{mail.left_out.join(', ')}</Fact>}
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd dir="auto">{children}</dd>
    </>
  );
}

/** What is known of where a mail comes from. */
export function Verdict({ verdict, isSpam }: { verdict: Schemas['AuthVerdict']; isSpam: boolean }) {
  const words = useText(inboundText);
  const tone = { none: undefined, pass: 'ok', fail: 'bad' } as const;
  return (
    <section className={panels.panel}>
      <h3 className={panels.heading}>{words.verdict}</h3>
      <ul className={styles.verdict}>
        {(['spf', 'dkim', 'dmarc'] as const).map((check) => (
          <li key={check}>
            <Chip tone={tone[verdict[check]]}>
              {check.toUpperCase()}: {words.results[verdict[check]]}
            </Chip>
          </li>
        ))}
        {isSpam && (
          <li>
            <Chip tone="bad">{words.spam}</Chip>
          </li>
        )}
      </ul>
      <p className={panels.small}>{words.verdictAbout}</p>
    </section>
  );
}
