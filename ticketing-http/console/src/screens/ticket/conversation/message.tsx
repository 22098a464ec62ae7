import { Link } from '@tanstack/react-router';
import { Link as LinkIcon, Lock, Mail, MoreHorizontal, Pencil, TextQuote, Copy } from 'lucide-react';
import { Suspense, lazy, memo, useState } from 'react';
import { atBase } from '../../../api/base';
import { useMe } from '../../../api/session';
import type { Comment } from '../../../api/types';
import { useFormat } from '../../../format';
import { useText } from '../../../text';
import { Avatar } from '../../../ui/avatar';
import { buttonClass, Button } from '../../../ui/button';
import { classes } from '../../../ui/classes';
import { copy } from '../../../ui/copy';
import { Markdown } from '../../../ui/markdown';
import { MenuButton } from '../../../ui/menu-button';
import { useNow } from '../../../ui/time';
import { Attachments } from './attachments';
import { Edit } from './edit';
import styles from './message.module.css';
import { conversationText } from './text';

const Original = lazy(() => import('./original'));

/** How long one may correct what one said; the desk says so too. */
const EDIT_MS = 15 * 60_000;

/** What is shown of a message, be it a comment or what the ticket begins with. */
export type Said = Pick<
  Comment,
  'author' | 'body' | 'is_internal' | 'channel' | 'attachments' | 'created_at' | 'edited_at'
> & {
  /** How it is found by a link. */
  anchor: string;
  /** Where it can be corrected. */
  comment?: Comment;
};

interface Props {
  said: Said;
  number: string;
  isContinued?: boolean;
  /** A link led here. */
  isPointedAt?: boolean;
  onQuote: (said: Said) => void;
}

export const Message = memo(function Message({
  said,
  number,
  isContinued = false,
  isPointedAt = false,
  onQuote,
}: Props) {
  const me = useMe();
  const words = useText(conversationText);
  const format = useFormat();
  const [isEditing, setEditing] = useState(false);
  const [isOriginal, setOriginal] = useState(false);
  const { author, created_at: at, comment } = said;
  const isStaff = author.role !== 'customer';
  const when = format.dateTime(at);
  return (
    <article
      id={said.anchor}
      tabIndex={-1}
      data-message
      aria-label={said.is_internal ? words.noteOf(author.name, when) : words.messageOf(author.name, when)}
      className={classes(styles.message, isContinued && styles.continued)}
    >
      <span className={styles.gutter}>{!isContinued && <Avatar name={author.name} size={28} />}</span>
      <div
        className={classes(
          styles.card,
          isStaff && styles.staff,
          said.is_internal && styles.note,
          isPointedAt && styles.pointedAt,
        )}
      >
        <header className={styles.head}>
          {!isContinued && (
            <span className={styles.author} dir="auto">
              {author.name}
            </span>
          )}
          {said.is_internal && (
            <span className={styles.mark} title={words.noteHint}>
              <Lock size={11} />
              {words.note}
            </span>
          )}
          {!isContinued && !said.is_internal && me.role !== 'customer' && (
            <span className={styles.when}>{isStaff ? words.staff : words.customer}</span>
          )}
          {!isContinued && said.channel === 'email' && (
            <span className={styles.when}>
              <Mail size={12} aria-hidden /> {words.byEmail}
            </span>
          )}
          <Link
            to="/tickets/$ticket"
            params={{ ticket: number }}
            hash={said.anchor}
            replace
            activeOptions={{ includeHash: true }}
            className={styles.time}
            title={format.fullTime(at)}
          >
            <time dateTime={at}>{format.time(at)}</time>
          </Link>
          {said.edited_at != null && (
            <span className={styles.when} title={words.editedAt(format.dateTime(said.edited_at))}>
              {words.edited}
            </span>
          )}
          <Actions
            said={said}
            number={number}
            onQuote={() => onQuote(said)}
            onEdit={() => setEditing(true)}
            onOriginal={() => setOriginal(true)}
          />
        </header>
        {isEditing && comment !== undefined ? (
          <Edit
            comment={comment}
            number={number}
            onDone={() => {
              setEditing(false);
              document.getElementById(said.anchor)?.focus({ preventScroll: true });
            }}
          />
        ) : (
          <Markdown isFoldable isOpen={isPointedAt}>
            {said.body}
          </Markdown>
        )}
        <Attachments files={said.attachments} />
      </div>
      <Suspense>
        {isOriginal && (
          <Original
            number={number}
            commentId={comment?.id}
            attachments={said.attachments}
            onClose={() => setOriginal(false)}
          />
        )}
      </Suspense>
    </article>
  );
});

function Actions({
  said,
  number,
  onQuote,
  onEdit,
  onOriginal,
}: {
  said: Said;
  number: string;
  onQuote: () => void;
  onEdit: () => void;
  onOriginal: () => void;
}) {
  const me = useMe();
  const words = useText(conversationText);
  const isOwn = said.comment !== undefined && said.author.id === me.id;
  const isMailOfCustomer = said.channel === 'email' && me.role !== 'customer' && said.author.role === 'customer';
  return (
    <span className={styles.actions}>
      <Button size="small" label={words.quote} icon={<TextQuote size={14} />} onClick={onQuote} />
      {isOwn && <EditButton since={said.created_at} onEdit={onEdit} />}
      <MenuButton
        label={words.actions(said.author.name)}
        className={buttonClass('quiet', 'small', true)}
        groups={[
          {
            items: [
              { id: 'quote', label: words.quote, icon: <TextQuote size={14} />, run: onQuote },
              {
                id: 'link',
                label: words.copyLink,
                icon: <LinkIcon size={14} />,
                run: () => void copy(atBase(`tickets/${number}#${said.anchor}`), words.copied),
              },
              {
                id: 'text',
                label: words.copyText,
                icon: <Copy size={14} />,
                run: () => void copy(said.body, words.textCopied),
              },
              ...(isMailOfCustomer
                ? [{ id: 'original', label: words.original, icon: <Mail size={14} />, run: onOriginal }]
                : []),
            ],
          },
        ]}
      >
        <MoreHorizontal size={14} />
      </MenuButton>
    </span>
  );
}

/** There as long as one may. */
function EditButton({ since, onEdit }: { since: string; onEdit: () => void }) {
  const words = useText(conversationText);
  const now = useNow();
  if (now - Date.parse(since) > EDIT_MS) return null;
  return <Button size="small" label={words.edit} icon={<Pencil size={14} />} onClick={onEdit} />;
}
