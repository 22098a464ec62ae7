import { Paperclip } from 'lucide-react';
import { useState } from 'react';
import { useFormat } from '../../../format';
import { useText } from '../../../text';
import { Section } from '../../../ui/section';
import { MailFrame } from '../../ticket/conversation/mail-frame';
import { Facts } from '../facts';
import panels from '../panels.module.css';
import type { Received } from './data';
import styles from './inbound.module.css';
import { inboundText } from './text';

const NO_IMAGES = {};

/** What a mail says. */
export function Content({ content }: { content: Received }) {
  const words = useText(inboundText);
  const { bytes } = useFormat();
  // A frame that is folded away would be loaded all the same.
  const [showsHtml, setShowsHtml] = useState(false);
  return (
    <Section title={words.text}>
      {content.text.trim() === '' ? (
        <p className={panels.quiet}>{words.noText}</p>
      ) : (
        <p className={styles.text} dir="auto">
          {content.text.trim()}
        </p>
      )}
      {content.files.length > 0 && (
        <ul className={styles.files} aria-label={words.files}>
          {content.files.map((file, at) => (
            <li key={at} className={panels.small}>
              <Paperclip size={12} aria-hidden /> <span dir="auto">{file.filename ?? words.unnamed}</span>{' '}
              {file.content_type}, {bytes(file.size)}
            </li>
          ))}
        </ul>
      )}
      {content.quoted.trim() !== '' && (
        <details className={styles.more}>
          <summary>{words.quoted}</summary>
          <p className={styles.text} dir="auto">
            {content.quoted.trim()}
          </p>
        </details>
      )}
      {content.signature.trim() !== '' && (
        <details className={styles.more}>
          <summary>{words.signature}</summary>
          <p className={styles.text} dir="auto">
            {content.signature.trim()}
          </p>
        </details>
      )}
      {content.html !== null && (
        <details className={styles.more} onToggle={(event) => setShowsHtml(event.currentTarget.open)}>
          <summary>{words.html}</summary>
          {showsHtml && <MailFrame title={words.html} html={content.html} images={NO_IMAGES} />}
        </details>
      )}
      <details className={styles.more}>
        <summary>{words.headers}</summary>
        <Facts>
          {content.headers.map(([name = '', value = ''], at) => (
            <div key={at} className={styles.header}>
              <dt>{name}</dt>
              <dd className={panels.mono} dir="auto">
                {value}
              </dd>
            </div>
          ))}
        </Facts>
      </details>
    </Section>
  );
}
