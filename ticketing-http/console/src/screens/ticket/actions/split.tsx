/** A message that is about something else becomes a ticket of its own. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState, type SubmitEvent } from 'react';
import { api, ok } from '../../../api/client';
import { Problem } from '../../../api/problem';
import type { Comment, Ticket } from '../../../api/types';
import { defineText, useText } from '../../../text';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { TextField } from '../../../ui/field';
import { Skeleton } from '../../../ui/skeleton';
import { Ago } from '../../../ui/time';
import { reason, toast } from '../../../ui/toast';
import { useOnce } from '../../../ui/use-once';
import { linksKey } from '../panel/links';
import shared from './actions.module.css';
import { useDraft } from './draft';
import styles from './split.module.css';

const text = defineText(
  {
    title: 'Split off a new ticket',
    which: 'Which message begins the new ticket?',
    about:
      'The message stays here too. The new ticket has the same team, agent and priority, and is linked to this one.',
    none: 'Nobody has written anything on this ticket yet.',
    more: 'More messages',
    note: 'Note',
    publishes: 'This is an internal note: as the new ticket’s description the customer can read it.',
    subject: 'Subject of the new ticket',
    do: 'Split off',
    cancel: 'Cancel',
    done: (number: string) => `${number} was split off`,
  },
  {
    title: 'Neues Ticket abspalten',
    which: 'Mit welcher Nachricht beginnt das neue Ticket?',
    about:
      'Die Nachricht bleibt auch hier. Das neue Ticket hat dasselbe Team, dieselbe zuständige Person und Priorität und ist mit diesem verknüpft.',
    none: 'In diesem Ticket hat noch niemand etwas geschrieben.',
    more: 'Weitere Nachrichten',
    note: 'Notiz',
    publishes: 'Das ist eine interne Notiz: Als Beschreibung des neuen Tickets kann der Kunde sie lesen.',
    subject: 'Betreff des neuen Tickets',
    do: 'Abspalten',
    cancel: 'Abbrechen',
    done: (number: string) => `${number} wurde abgespalten`,
  },
);

interface Props {
  ticket: Ticket;
  commentId?: string | undefined;
  onClose: () => void;
}

export function SplitDialog({ ticket, commentId, onClose }: Props) {
  const words = useText(text);
  const queries = useQueryClient();
  const once = useOnce();
  const router = useRouter();
  const [picked, setPicked] = useState<Comment>();
  const [subject, setSubject] = useDraft(`split ${ticket.id}`);
  const single = useQuery({
    queryKey: ['comment', commentId ?? ''],
    enabled: commentId !== undefined,
    queryFn: ({ signal }) => ok(api.GET('/api/comments/{id}', { params: { path: { id: commentId ?? '' } }, signal })),
  }).data;
  const comment = picked ?? single;

  const split = useMutation({
    mutationFn: (from: Comment) => {
      const path = { ticket: ticket.id };
      const body = { comment_id: from.id, subject: subject.trim() };
      return once(body, (header) => ok(api.POST('/api/tickets/{ticket}/split', { params: { path, header }, body })));
    },
    onSuccess: async (made) => {
      setSubject('');
      onClose();
      toast(words.done(made.ticket_number));
      void queries.invalidateQueries({ queryKey: linksKey(ticket.ticket_number) });
      await router.navigate({ to: '/tickets/$ticket', params: { ticket: made.ticket_number } });
    },
  });
  const problem = split.error instanceof Problem ? split.error.field('subject') : undefined;

  return (
    <Dialog
      title={words.title}
      size="medium"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button type="submit" form="split" kind="primary" busy={split.isPending} disabled={comment === undefined}>
            {words.do}
          </Button>
        </>
      }
    >
      <form
        id="split"
        className={shared.form}
        onSubmit={(event: SubmitEvent) => {
          event.preventDefault();
          if (comment !== undefined) split.mutate(comment);
        }}
      >
        {commentId === undefined ? (
          <Choose ticket={ticket} picked={picked} onPick={setPicked} />
        ) : (
          single !== undefined && <Said comment={single} />
        )}
        {comment?.is_internal === true && <p className={shared.warn}>{words.publishes}</p>}
        <TextField
          label={words.subject}
          required
          maxLength={255}
          error={problem}
          value={subject}
          autoFocus={commentId !== undefined}
          onChange={(event) => setSubject(event.target.value)}
        />
        <p className={shared.quiet}>{words.about}</p>
        {split.error !== null && problem === undefined && (
          <p className={shared.error} role="alert">
            {reason(split.error)}
          </p>
        )}
      </form>
    </Dialog>
  );
}

interface ChooseProps {
  ticket: Ticket;
  picked: Comment | undefined;
  onPick: (comment: Comment) => void;
}

function Choose({ ticket, picked, onPick }: ChooseProps) {
  const words = useText(text);
  const comments = useInfiniteQuery({
    queryKey: ['ticket', ticket.ticket_number, 'comments', 'to-split'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      ok(
        api.GET('/api/tickets/{ticket}/comments', {
          params: {
            path: { ticket: ticket.id },
            query: { limit: 50, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  if (comments.isError) {
    return (
      <p className={shared.error} role="alert">
        {reason(comments.error)}
      </p>
    );
  }
  if (comments.data === undefined) return <Skeleton lines={3} />;
  const all = comments.data.pages.flatMap((page) => page.items);
  if (all.length === 0) return <p className={shared.quiet}>{words.none}</p>;
  return (
    <fieldset className={styles.choose}>
      <legend className={styles.legend}>{words.which}</legend>
      <div className={styles.list}>
        {all.map((comment, at) => (
          <label key={comment.id} className={styles.choice} data-chosen={picked?.id === comment.id}>
            <input
              type="radio"
              name="comment"
              autoFocus={at === 0}
              checked={picked?.id === comment.id}
              onChange={() => onPick(comment)}
            />
            <Said comment={comment} />
          </label>
        ))}
        {comments.hasNextPage && (
          <Button size="small" busy={comments.isFetchingNextPage} onClick={() => void comments.fetchNextPage()}>
            {words.more}
          </Button>
        )}
      </div>
    </fieldset>
  );
}

function Said({ comment }: { comment: Comment }) {
  const words = useText(text);
  return (
    <span className={styles.said}>
      <span className={styles.who}>
        <strong dir="auto">{comment.author.name}</strong> · <Ago at={comment.created_at} />
        {comment.is_internal && <span className={styles.note}>{words.note}</span>}
      </span>
      <span className={styles.body} dir="auto">
        {comment.body}
      </span>
    </span>
  );
}
