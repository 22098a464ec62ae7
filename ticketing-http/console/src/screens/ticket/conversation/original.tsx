/** The mail that a message was made of, whole. */
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { api, ok } from '../../../api/client';
import type { Schemas } from '../../../api/types';
import { useFormat } from '../../../format';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { Skeleton } from '../../../ui/skeleton';
import { reason } from '../../../ui/toast';
import { fileOf } from './attachments';
import { MailFrame } from './mail-frame';
import styles from './original.module.css';
import { originalText } from './original-text';

type Attachment = Schemas['Attachment'];
type ReceivedMail = Schemas['ReceivedMail'];

/** Mails of a ticket are listed a hundred at a time; further back nobody looks. */
const MOST_PAGES = 5;

/** The mail that became this comment; without a comment, the one that made the ticket. */
async function mailOf(number: string, commentId: string | undefined, signal: AbortSignal) {
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = { limit: 100, ...(cursor === undefined ? {} : { cursor }) };
    const list = await ok(
      api.GET('/api/tickets/{ticket}/mails', { params: { path: { ticket: number }, query }, signal }),
    );
    const found = list.items.find((mail) =>
      commentId === undefined ? mail.state === 'new' && mail.comment_id == null : mail.comment_id === commentId,
    );
    if (found !== undefined)
      return ok(
        api.GET('/api/tickets/{ticket}/mails/{id}', { params: { path: { ticket: number, id: found.id } }, signal }),
      );
    if (list.next_cursor === null) return null;
    cursor = list.next_cursor;
  }
  return null;
}

interface Props {
  number: string;
  commentId: string | undefined;
  attachments: readonly Attachment[];
  onClose: () => void;
}

export default function Original({ number, commentId, attachments, onClose }: Props) {
  const words = useText(originalText);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['ticket', number, 'mails', commentId ?? 'first'],
    queryFn: ({ signal }) => mailOf(number, commentId, signal),
    staleTime: Infinity,
  });
  const mail = data?.content;
  return (
    <Dialog title={words.title} size="large" onClose={onClose}>
      {isPending ? (
        <Skeleton lines={6} />
      ) : error !== null ? (
        <div role="alert" className={styles.none}>
          <p>{reason(error)}</p>
          <Button onClick={() => void refetch()}>{words.retry}</Button>
        </div>
      ) : mail == null ? (
        <p className={styles.none}>{words.none}</p>
      ) : (
        <Mail mail={mail} attachments={attachments} />
      )}
    </Dialog>
  );
}

function address(of: Schemas['NamedAddress']): string {
  return of.name == null || of.name === '' ? of.address : `${of.name} <${of.address}>`;
}

function Mail({ mail, attachments }: { mail: ReceivedMail; attachments: readonly Attachment[] }) {
  const words = useText(originalText);
  const format = useFormat();
  const html = mail.html ?? '';
  const [isText, setText] = useState(html === '');
  return (
    <>
      <dl className={styles.facts}>
        <dt>{words.from}</dt>
        <dd dir="auto">{mail.from == null ? words.unknown : address(mail.from)}</dd>
        <dt>{words.to}</dt>
        <dd dir="auto">{mail.to.map(address).join(', ')}</dd>
        <dt>{words.subject}</dt>
        <dd dir="auto">{mail.subject}</dd>
        {mail.date != null && (
          <>
            <dt>{words.date}</dt>
            <dd>{format.fullTime(mail.date)}</dd>
          </>
        )}
      </dl>
      {html !== '' && (
        <div className={styles.as} role="group" aria-label={words.as}>
          <Button size="small" kind="quiet" aria-pressed={!isText} onClick={() => setText(false)}>
            {words.asSent}
          </Button>
          <Button size="small" kind="quiet" aria-pressed={isText} onClick={() => setText(true)}>
            {words.asText}
          </Button>
        </div>
      )}
      {isText ? (
        <>
          <pre className={styles.text} dir="auto">
            {mail.text}
          </pre>
          <Folded title={words.signature}>{mail.signature}</Folded>
          <Folded title={words.quoted}>{mail.quoted}</Folded>
        </>
      ) : (
        <Sent html={html} mail={mail} attachments={attachments} />
      )}
      <details className={styles.more}>
        <summary>{words.headers(mail.headers.length)}</summary>
        <pre className={styles.headers} tabIndex={0} aria-label={words.headers(mail.headers.length)}>
          {mail.headers.map(([name, value]) => `${name ?? ''}: ${value ?? ''}`).join('\n')}
        </pre>
      </details>
    </>
  );
}

function Folded({ title, children }: { title: string; children: string }) {
  if (children.trim() === '') return null;
  return (
    <details className={styles.more}>
      <summary>{title}</summary>
      <pre className={styles.text} dir="auto">
        {children}
      </pre>
    </details>
  );
}

/** Its HTML, with the pictures that it brought along. */
function Sent({ html, mail, attachments }: { html: string; mail: ReceivedMail; attachments: readonly Attachment[] }) {
  const words = useText(originalText);
  const pictures = useMemo(() => picturesOf(html, mail, attachments), [html, mail, attachments]);
  const { data: images } = useQuery({
    queryKey: ['mail-pictures', ...pictures.map((one) => one.file.id)],
    queryFn: async () => {
      const all = await Promise.all(
        pictures.map(async ({ cid, file }) => [cid, await dataUrl(await fileOf(file.id), file.content_type)] as const),
      );
      return Object.fromEntries(all);
    },
    enabled: pictures.length > 0,
    staleTime: Infinity,
    gcTime: 60_000,
  });
  return <MailFrame title={words.title} html={html} images={images ?? NO_IMAGES} />;
}
const NO_IMAGES = {};

/** The files of the message that the HTML shows. A mail names its files, and the message has them. */
function picturesOf(html: string, mail: ReceivedMail, attachments: readonly Attachment[]) {
  return mail.files.flatMap((part) => {
    const cid = part.content_id;
    if (cid == null || !html.includes(`cid:${cid}`)) return [];
    const file = attachments.find(
      (one) =>
        one.size === part.size &&
        one.content_type === part.content_type &&
        /^image\/(png|jpeg|gif|webp)$/.test(one.content_type) &&
        (part.filename == null || part.filename === one.filename),
    );
    return file === undefined ? [] : [{ cid, file }];
  });
}

async function dataUrl(blob: Blob, type: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : '');
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'));
    reader.readAsDataURL(blob.slice(0, blob.size, type));
  });
}
