/** Where one writes: an answer, or a note among colleagues. */
import { ChevronDown, Eye, Lock, MessageSquareText, Pencil, Reply } from 'lucide-react';
import {
  Suspense,
  lazy,
  useEffect,
  useId,
  useImperativeHandle,
  useRef,
  useState,
  type KeyboardEvent,
  type Ref,
} from 'react';
import { useMe } from '../../../api/session';
import { STATUSES, type Comment, type Status, type Ticket } from '../../../api/types';
import { shown, useCommands } from '../../../keys/commands';
import { useText } from '../../../text';
import { ticketText } from '../../../ui/badge';
import { Button, buttonClass } from '../../../ui/button';
import { classes } from '../../../ui/classes';
import { Markdown } from '../../../ui/markdown';
import { MenuButton } from '../../../ui/menu-button';
import { toast } from '../../../ui/toast';
import { openAction } from '../actions/open';
import { Gaps, Marks } from '../replies/gaps';
import { ReplyList, optionId } from '../replies/reply-list';
import { gapAt, gapsIn } from '../replies/slash';
import { replyText } from '../replies/text';
import { useReplies } from '../replies/use-replies';
import styles from './composer.module.css';
import { draftOf, keepCanned, keepDraft, seenAll, useDraft, type Mode } from './drafts';
import { mark, type Edit, type Mark } from './editing';
import { MentionList, useMentions } from './mentions';
import { send } from './outbox';
import { composerText } from './text';
import { Toolbar } from './toolbar';
import { useTyping } from './use-typing';

const Collision = lazy(() => import('./collision'));
const Unfilled = lazy(() => import('../replies/unfilled'));

export interface ComposerHandle {
  /** Goes there, to write in this voice. */
  write: (mode: Mode) => void;
  /** Puts words at the end of what is written. */
  add: (text: string) => void;
}

interface Props {
  ticket: Ticket;
  /** Whom one answers, where that is known. */
  customer: string | undefined;
  /** The newest first. */
  comments: readonly Comment[];
  onSent: () => void;
  ref: Ref<ComposerHandle>;
}

export function Composer({ ticket, customer, comments, onSent, ref }: Props) {
  const me = useMe();
  const words = useText(composerText);
  const replying = useText(replyText);
  const statusNames = useText(ticketText).status;
  const isStaff = me.role !== 'customer';
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [mode, setMode] = useState<Mode>(() =>
    isStaff && draftOf(me.id, ticket.id, 'reply').text === '' && draftOf(me.id, ticket.id, 'note').text !== ''
      ? 'note'
      : 'reply',
  );
  const [isPreview, setPreview] = useState(false);
  const [collision, setCollision] = useState<{ comment: Comment; status: Status | undefined }>();
  const [unfilled, setUnfilled] = useState<{ names: readonly string[]; status: Status | undefined }>();
  const drafts = { reply: useDraft(me.id, ticket.id, 'reply'), note: useDraft(me.id, ticket.id, 'note') };
  const { text, seen, canned } = drafts[mode];
  const gaps = canned === undefined ? [] : gapsIn(text, canned.missing);
  const typing = useTyping(ticket.id);
  const newest = comments[0]?.created_at ?? ticket.created_at;
  const isEmpty = text.trim() === '';

  /** What was there before a canned response was put in: where it is there again, that was undone. */
  const before = useRef<Partial<Record<Mode, { text: string; id: string | undefined }>>>({});
  const set = (next: string) => {
    keepDraft(me.id, ticket.id, mode, next, newest);
    const was = before.current[mode];
    if (next === was?.text) keepCanned(me.id, ticket.id, mode, { id: was.id, missing: [] });
    if (next.trim() === '') typing.stopped();
    else typing.wrote(mode === 'note');
  };
  const put = (edit: Edit) => {
    if (area.current !== null) replace(area.current, edit);
  };
  const mentions = useMentions(ticket.ticket_number, (from, to, insert) =>
    put({ from, to, insert, select: [from + insert.length, from + insert.length] }),
  );
  const replies = useReplies(ticket, isStaff, {
    put: (from, to, insert) => put({ from, to, insert, select: [from + insert.length, from + insert.length] }),
    take: (found, from, to) => {
      if (found.kind === 'macro') {
        put({ from, to, insert: '', select: [from, from] });
        openAction({ kind: 'macro', id: found.macro.id });
        return;
      }
      const { id: response, rendered } = found.response;
      if (rendered === undefined) return;
      const { missing } = rendered;
      const insert = rendered.marked ?? rendered.content;
      const [start, end] = gapAt(insert, missing) ?? [insert.length, insert.length];
      before.current[mode] = { text, id: canned?.id };
      put({ from, to, insert, select: [from + start, from + end] });
      keepCanned(me.id, ticket.id, mode, { id: response, missing });
      if (rendered.is_cut) toast(replying.cut);
    },
  });
  const onMark = (as: Mark) => {
    const element = area.current;
    if (element !== null) put(mark(element.value, element.selectionStart, element.selectionEnd, as));
  };

  /** Goes there once it is drawn. */
  const [goal, setGoal] = useState<{ range?: readonly [number, number] | undefined }>();
  useEffect(() => {
    const element = area.current;
    if (goal === undefined || element === null) return;
    const [start, end] = goal.range ?? [element.value.length, element.value.length];
    element.focus();
    element.setSelectionRange(start, end);
    if (goal.range === undefined) element.scrollTop = element.scrollHeight;
  }, [goal]);
  const toGap = (name?: string) => {
    setPreview(false);
    setGoal({ range: gapAt(text, gaps, name) });
  };
  const write = (next: Mode) => {
    setMode(isStaff ? next : 'reply');
    setPreview(false);
    setGoal({});
  };
  useImperativeHandle(ref, () => ({
    write,
    add: (more) => {
      set(text.trim() === '' ? more : `${text.trimEnd()}\n\n${more}`);
      write(mode);
    },
  }));

  const submit = (status?: Status, isSure = false, isFilled = false) => {
    if (isEmpty) return;
    if (!isFilled && gaps.length > 0) {
      setUnfilled({ names: gaps, status });
      return;
    }
    setUnfilled(undefined);
    const meanwhile = comments.find(
      (one) => !one.is_internal && one.author.id !== me.id && one.author.id != null && one.created_at > seen,
    );
    if (!isSure && isStaff && mode === 'reply' && seen !== '' && meanwhile !== undefined) {
      setCollision({ comment: meanwhile, status });
      return;
    }
    setCollision(undefined);
    typing.stopped();
    mentions.close();
    replies.close();
    send({
      person: me.id,
      ticketId: ticket.id,
      ticketNumber: ticket.ticket_number,
      text: text.trim(),
      isInternal: mode === 'note',
      status,
      // Whoever sends it anyway has heard of what came in between.
      seen: isSure ? newest : seen,
      canned,
    });
    before.current[mode] = undefined;
    keepDraft(me.id, ticket.id, mode, '', '');
    setPreview(false);
    onSent();
  };

  useCommands([
    { id: 'ticket.reply', group: words.group, title: words.reply, keys: ['r'], run: () => write('reply') },
    ...(isStaff
      ? [{ id: 'ticket.note', group: words.group, title: words.note, keys: ['n'], run: () => write('note') }]
      : []),
    {
      id: 'ticket.send',
      group: words.group,
      title: words.send,
      keys: ['Mod+Enter'],
      inInputs: true,
      disabled: isEmpty,
      run: () => submit(),
    },
    ...(isStaff
      ? [
          {
            id: 'ticket.sendAndResolve',
            group: words.group,
            title: words.sendAndResolve,
            keys: ['Mod+Shift+Enter'],
            inInputs: true,
            disabled: isEmpty,
            run: () => submit('resolved'),
          },
        ]
      : []),
  ]);

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || mentions.onKey(event) || replies.onKey(event)) return;
    if (event.key === 'Escape') event.currentTarget.blur();
    const as = { b: 'bold', i: 'italic' }[event.key] as Mark | undefined;
    if (as !== undefined && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      onMark(as);
    }
  };

  const isMentioning = mentions.isOpen && mentions.people.length > 0;
  const list = isMentioning ? `${id}-people` : replies.isOpen && replies.found.length > 0 ? `${id}-replies` : undefined;
  const placeholder =
    mode === 'note'
      ? words.noteHint
      : !isStaff
        ? words.answer
        : customer === undefined
          ? words.replyPlain
          : words.replyTo(customer);
  const label = mode === 'note' ? words.note : words.reply;
  return (
    <section
      aria-label={words.region}
      className={classes(styles.composer, mode === 'note' && styles.note)}
      data-filled={!isEmpty || undefined}
    >
      <div className={styles.head}>
        {isStaff && (
          <div className={styles.modes} role="group" aria-label={words.region}>
            {(['reply', 'note'] as const).map((one) => (
              <button
                key={one}
                type="button"
                className={styles.mode}
                aria-pressed={mode === one}
                onClick={() => write(one)}
              >
                {one === 'reply' ? <Reply size={14} /> : <Lock size={14} />}
                {words[one]}
                {one !== mode && drafts[one].text.trim() !== '' && (
                  <span className={styles.dot}>
                    <span className="visually-hidden">{words.hasDraft}</span>
                  </span>
                )}
              </button>
            ))}
          </div>
        )}
        {!isPreview && <Toolbar onMark={onMark} controls={id} />}
        {!isPreview && isStaff && (
          <Button
            size="small"
            className={styles.replies}
            label={`${replying.open} (/)`}
            icon={<MessageSquareText size={15} />}
            // The caret stays where one writes.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => {
              const element = area.current;
              if (element === null) return;
              element.focus();
              replies.begin(element);
            }}
          />
        )}
        <Button
          size="small"
          kind="quiet"
          className={styles.preview}
          aria-pressed={isPreview}
          icon={isPreview ? <Pencil size={14} /> : <Eye size={14} />}
          onClick={() => {
            setPreview(!isPreview);
            if (isPreview) setGoal({});
          }}
        >
          {isPreview ? words.write : words.preview}
        </Button>
      </div>
      <div className={styles.place}>
        {isPreview ? (
          <div className={styles.shown}>
            {isEmpty ? <p className={styles.hint}>{words.nothing}</p> : <Markdown>{text}</Markdown>}
          </div>
        ) : (
          <>
            <MentionList id={`${id}-people`} mentions={mentions} />
            <ReplyList id={`${id}-replies`} replies={replies} />
            {gaps.length > 0 && <Marks area={area} text={text} names={gaps} />}
            <textarea
              ref={area}
              id={id}
              dir="auto"
              rows={3}
              maxLength={100_000}
              className={styles.area}
              aria-label={label}
              aria-autocomplete="list"
              aria-haspopup="listbox"
              aria-controls={list}
              aria-activedescendant={list && optionId(list, isMentioning ? mentions.current : replies.current)}
              placeholder={placeholder}
              value={text}
              onChange={(event) => {
                set(event.target.value);
                mentions.look(event.target);
                replies.look(event.target);
              }}
              onSelect={({ currentTarget }) => {
                mentions.look(currentTarget);
                replies.look(currentTarget);
              }}
              onKeyDown={onKeyDown}
              onBlur={() => {
                mentions.close();
                replies.close();
                typing.stopped();
              }}
            />
          </>
        )}
      </div>
      {isStaff && <Gaps names={gaps} onGo={toGap} />}
      <div className={styles.foot}>
        <span className={styles.hint}>{!isEmpty && words.draft}</span>
        <div className={styles.send}>
          <Button
            kind="primary"
            disabled={isEmpty}
            title={shown('Mod+Enter').join('')}
            className={isStaff ? styles.sendMain : undefined}
            onClick={() => submit()}
          >
            {mode === 'note' ? words.addNote : words.send}
          </Button>
          {isStaff && (
            <MenuButton
              label={words.sendAnd}
              className={classes(buttonClass('primary', undefined, true), styles.sendMore)}
              disabled={isEmpty}
              groups={[
                {
                  title: words.sendThen,
                  items: STATUSES.filter((status) => status !== ticket.status).map((status) => ({
                    id: status,
                    label: statusNames[status],
                    keys: status === 'resolved' ? shown('Mod+Shift+Enter').join('') : undefined,
                    run: () => submit(status),
                  })),
                },
              ]}
            >
              <ChevronDown size={16} />
            </MenuButton>
          )}
        </div>
      </div>
      <Suspense>
        {collision !== undefined && (
          <Collision
            comment={collision.comment}
            onRead={() => {
              seenAll(me.id, ticket.id, mode, newest);
              setCollision(undefined);
              onSent();
            }}
            onSend={() => submit(collision.status, true, true)}
          />
        )}
        {unfilled !== undefined && (
          <Unfilled
            names={unfilled.names}
            onFill={() => {
              setUnfilled(undefined);
              // The dialog gives the focus back first.
              setTimeout(toGap, 0);
            }}
            onSend={() => submit(unfilled.status, false, true)}
          />
        )}
      </Suspense>
    </section>
  );
}

/** Replaces a part of what is written so that the browser can undo it. */
function replace(area: HTMLTextAreaElement, { from, to, insert, select }: Edit): void {
  area.focus();
  area.setSelectionRange(from, to);
  // Nothing else keeps the browser's own way of undoing.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  if (!document.execCommand(insert === '' ? 'delete' : 'insertText', false, insert)) {
    area.setRangeText(insert, from, to, 'end');
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }
  area.setSelectionRange(...select);
}
