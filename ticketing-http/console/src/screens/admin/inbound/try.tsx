import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type SyntheticEvent } from 'react';
import { api, ok } from '../../../api/client';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { SelectField, TextArea, TextField } from '../../../ui/field';
import { errorAt } from '../../../ui/field-text';
import { Fields, Section, Stack } from '../../../ui/section';
import { reason } from '../../../ui/toast';
import { AreaHead } from '../area-head';
import { Fact, Facts } from '../facts';
import { useMailboxes } from '../mailboxes/data';
import { Content } from './content';
import type { Received } from './data';
import styles from './inbound.module.css';
import { Verdict } from './mail';
import { outcomeOf } from './outcome';
import { StateChip } from './state';
import { inboundText } from './text';

/** Says what would become of a mail that is pasted here, and keeps nothing. */
export function Try() {
  const words = useText(inboundText);
  const mailboxes = useMailboxes();
  const [mail, setMail] = useState('');
  const [file, setFile] = useState<File>();
  const [envelope, setEnvelope] = useState({ mailbox: '', from: '', to: '' });
  const [isEmpty, setEmpty] = useState(false);
  const preview = useMutation({
    mutationFn: () => {
      const query = Object.fromEntries(
        Object.entries(envelope)
          .map(([name, value]) => [name, value.trim()] as const)
          .filter(([, value]) => value !== ''),
      );
      // Lines of a mail end in CRLF; those of a field never do.
      const bytes = file ?? new Blob([mail.replaceAll(/\r?\n/g, '\r\n')]);
      return ok(
        api.POST('/api/inbound/preview', {
          params: { query },
          headers: { 'Content-Type': 'message/rfc822' },
          body: mail,
          bodySerializer: () => bytes,
        }),
      );
    },
  });
  const error = (name: string) => errorAt(preview.error, name);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const nothing = file === undefined && mail.trim() === '';
    setEmpty(nothing);
    if (!nothing) preview.mutate();
  };
  const isElsewhere = preview.isError && ['mailbox', 'from', 'to'].every((name) => error(name) === undefined);
  return (
    <>
      <AreaHead area="inbound" title={words.tryOne} about={words.tryAbout} />
      <form onSubmit={submit}>
        <Stack>
          <TextArea
            label={words.mail}
            rows={12}
            dir="ltr"
            spellCheck={false}
            style={{ fontFamily: 'var(--mono)', fontSize: 'var(--size-s)' }}
            placeholder={'From: kim@alba.example\nTo: support@desk.example\nSubject: The lock is stuck\n\nHello, …'}
            disabled={file !== undefined}
            value={mail}
            error={isEmpty ? words.empty : undefined}
            onChange={(event) => setMail(event.target.value)}
          />
          <Fields>
            <TextField
              label={words.file}
              type="file"
              accept=".eml,message/rfc822"
              onChange={(event) => setFile(event.target.files?.[0])}
            />
            <SelectField
              label={words.tryMailbox}
              value={envelope.mailbox}
              error={error('mailbox')}
              onChange={(event) => setEnvelope({ ...envelope, mailbox: event.target.value })}
            >
              <option value="">{words.byHeaders}</option>
              {mailboxes.data?.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </SelectField>
            <TextField
              label={words.envelopeSender}
              dir="ltr"
              value={envelope.from}
              error={error('from')}
              onChange={(event) => setEnvelope({ ...envelope, from: event.target.value })}
            />
            <TextField
              label={words.envelopeRecipient}
              dir="ltr"
              value={envelope.to}
              error={error('to')}
              onChange={(event) => setEnvelope({ ...envelope, to: event.target.value })}
            />
          </Fields>
          <div>
            <Button kind="primary" type="submit" busy={preview.isPending}>
              {words.tryNow}
            </Button>
          </div>
          <div role="status">{isElsewhere && <p className={styles.error}>{reason(preview.error)}</p>}</div>
        </Stack>
      </form>
      {preview.data !== undefined && <Result mail={preview.data} />}
    </>
  );
}

function Result({ mail }: { mail: Received }) {
  const words = useText(inboundText);
  const outcome = outcomeOf(mail.outcome ?? {});
  return (
    <div className={styles.result} role="region" aria-label={words.outcome} aria-live="polite">
      <Stack>
        <Section title={words.outcome}>
          <p>
            {outcome.state !== undefined && <StateChip state={outcome.state} />}{' '}
            {outcome.cause !== undefined && words.causes[outcome.cause]} <span dir="auto">{outcome.reason}</span>
          </p>
          <Facts>
            {outcome.author !== undefined && <Fact name={words.author}>{outcome.author}</Fact>}
            {outcome.ticketId !== undefined && (
              <Fact name={words.ticket}>
                {' '}
                <Link to="/tickets/$ticket" params={{ ticket: outcome.ticketId }}>
                  {words.openTicket}
                </Link>
              </Fact>
            )}
            {outcome.body !== undefined && (
              <Fact name={words.body}>
                <span className={styles.text}> {outcome.body}</span>
              </Fact>
            )}
          </Facts>
        </Section>
        <Verdict verdict={outcome.verdict} isSpam={outcome.isSpam} />
        <Content content={mail} />
      </Stack>
    </div>
  );
}
