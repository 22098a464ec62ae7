import { useState } from 'react';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { TextField } from '../../../ui/field';
import { errorAt } from '../../../ui/field-text';
import { Skeleton } from '../../../ui/skeleton';
import { reason } from '../../../ui/toast';
import { useFilter } from '../filter';
import { useRested } from '../../../ui/use-rested';
import { MailFrame } from '../../ticket/conversation/mail-frame';
import panels from '../panels.module.css';
import { usePreview, useSomeTickets, type Composed, type MailType } from './data';
import styles from './email-templates.module.css';
import { templateText } from './text';

const NO_IMAGES = {};

interface Props {
  type: MailType;
  texts: { subject: string; html: string; text: string };
  locale: string | undefined;
}

/** What the reader would get, a moment after it was written. */
export function Preview({ type, texts, locale }: Props) {
  const words = useText(templateText);
  const [{ ticket: asked }, change] = useFilter();
  const [typed, setTyped] = useState(asked ?? '');
  const [isHtml, setHtml] = useState(true);
  const ticket = useRested(typed.trim(), 500);
  const preview = usePreview(type, texts, locale, ticket === '' ? undefined : ticket);
  const tickets = useSomeTickets();
  // What could be shown last stays while something can't be.
  const [shown, setShown] = useState<Composed>();
  if (preview.data !== undefined && preview.data !== shown) setShown(preview.data);
  const wrongTicket = errorAt(preview.error, 'ticket');
  const isAboutTicket = type !== 'invitation' && type !== 'password_reset';
  return (
    <section className={styles.preview} aria-label={words.preview}>
      {isAboutTicket && (
        <>
          <TextField
            label={words.previewOf}
            hint={words.previewHint}
            error={wrongTicket}
            list="preview-tickets"
            dir="ltr"
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            onBlur={() => change({ ticket: typed.trim() })}
          />
          <datalist id="preview-tickets">
            {tickets.data?.items.map((one) => (
              <option key={one.id} value={one.ticket_number}>
                {one.subject}
              </option>
            ))}
          </datalist>
        </>
      )}
      <div className={styles.views} role="group" aria-label={words.views}>
        <Button size="small" kind="quiet" aria-pressed={isHtml} onClick={() => setHtml(true)}>
          {words.html}
        </Button>
        <Button size="small" kind="quiet" aria-pressed={!isHtml} onClick={() => setHtml(false)}>
          {words.text}
        </Button>
      </div>
      <div role="status">
        {preview.isError && wrongTicket === undefined && (
          <p className={styles.error} dir="auto">
            {words.previewFailed} {reason(preview.error)}
          </p>
        )}
      </div>
      {shown === undefined ? (
        preview.isPending && <Skeleton lines={8} />
      ) : (
        <div className={preview.isPlaceholderData || preview.isError ? styles.old : undefined}>
          <p className={styles.subject} dir="auto">
            {shown.subject}
          </p>
          {isHtml ? (
            <MailFrame html={shown.html} images={NO_IMAGES} title={words.frame} />
          ) : (
            <pre className={panels.code} dir="auto" tabIndex={0}>
              {shown.text}
            </pre>
          )}
        </div>
      )}
    </section>
  );
}
