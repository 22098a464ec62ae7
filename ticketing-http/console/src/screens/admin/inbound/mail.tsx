import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Check, Download, Trash2 } from 'lucide-react';
import { api, download, ifVersion, ok } from '../../../api/client';
import { Problem } from '../../../api/problem';
import type { Schemas } from '../../../api/types';
import { useFormat } from '../../../format';
import { useText } from '../../../text';
import { useOnce } from '../../../ui/use-once';
import { Button } from '../../../ui/button';
import { Chip } from '../../../ui/chip';
import { ConfirmButton } from '../../../ui/confirm';
import { Section, Stack } from '../../../ui/section';
import { toast, toastError } from '../../../ui/toast';
import { AreaHead } from '../area-head';
import { Fact, Facts } from '../facts';
import { useMailboxes } from '../mailboxes/data';
import { One } from '../one';
import panels from '../panels.module.css';
import { saveFile } from '../../../ui/save-file';
import { Content } from './content';
import { isOpen, loadMail, mailKey, type InboundMail, type WholeMail } from './data';
import styles from './inbound.module.css';
import { StateChip } from './state';
import { inboundText } from './text';

export function MailPage({ id }: { id: string }) {
  return (
    <One area="inbound" queryKey={mailKey(id)} load={(signal) => loadMail(id, signal)} isFresh>
      {(mail) => <Shown mail={mail} />}
    </One>
  );
}

/** Takes a mail in after all, or wants nothing of it; only as it is shown here. */
function useDecide(mail: WholeMail, how: 'release' | 'drop', said: string) {
  const queries = useQueryClient();
  const once = useOnce();
  return useMutation({
    mutationFn: () =>
      once({ how, id: mail.id, version: mail.version }, (header): Promise<InboundMail> => {
        const more = {
          params: { path: { id: mail.id }, header: { ...header, ...ifVersion(mail.version) } },
          body: {},
        };
        return how === 'release'
          ? ok(api.POST('/api/inbound/{id}/release', more))
          : ok(api.POST('/api/inbound/{id}/drop', more));
      }),
    onSuccess: (answer) => {
      toast(said);
      queries.setQueryData<WholeMail>(mailKey(mail.id), (old) => old && { ...old, ...answer });
    },
    // Also where somebody else was quicker: what is shown is not so any more.
    onSettled: async (_, error) => {
      if (error === null || (error instanceof Problem && error.status !== 0))
        await queries.invalidateQueries({ queryKey: ['inbound'] });
    },
  });
}

function Shown({ mail }: { mail: WholeMail }) {
  const words = useText(inboundText);
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
        area="inbound"
        title={mail.subject ?? words.noSubject}
        state={<StateChip state={mail.state} />}
        about={mail.cause === undefined ? undefined : words.causes[mail.cause]}
      >
        {isOpen(mail.state) && (
          <>
            <Button
              kind="primary"
              icon={<Check size={16} />}
              busy={release.isPending}
              onClick={() => release.mutate(undefined, { onError: toastError })}
            >
              {words.release}
            </Button>
            <ConfirmButton
              label={words.drop}
              icon={<Trash2 size={16} />}
              title={words.dropTitle}
              action={words.drop}
              run={() => drop.mutateAsync()}
            >
              {words.dropBody}
            </ConfirmButton>
          </>
        )}
        <Button icon={<Download size={16} />} busy={raw.isPending} onClick={() => raw.mutate()}>
          {words.raw}
        </Button>
      </AreaHead>
      <Stack>
        <Envelope mail={mail} />
        <Verdict verdict={mail.verdict} isSpam={mail.is_spam} />
        {mail.content === null ? (
          <Section>
            <p className={panels.quiet}>{words.unread}</p>
          </Section>
        ) : (
          <Content content={mail.content} />
        )}
      </Stack>
    </>
  );
}

function Envelope({ mail }: { mail: WholeMail }) {
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
    <Section>
      <Facts>
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
              {mailboxes.data?.find((one) => one.id === mail.mailbox_id)?.name ?? mail.mailbox_id}
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
      </Facts>
    </Section>
  );
}

/** What is known of where a mail comes from. */
export function Verdict({ verdict, isSpam }: { verdict: Schemas['AuthVerdict']; isSpam: boolean }) {
  const words = useText(inboundText);
  const tone = { none: 'idle', pass: 'ok', fail: 'bad' } as const;
  return (
    <Section title={words.verdict}>
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
    </Section>
  );
}
