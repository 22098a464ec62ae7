/** What can be done with a ticket: in the header, in the palette and by keys. */
import {
  AlarmClock,
  ArrowDownCircle,
  ArrowUpCircle,
  CheckCircle2,
  CircleSlash,
  CircleDot,
  ClockPlus,
  Link2,
  Merge,
  MoreHorizontal,
  RotateCcw,
  SignalHigh,
  Split,
  Square,
  Tag,
  Timer,
  UserPlus,
  UserRoundCheck,
  Zap,
} from 'lucide-react';
import { useQueryClient } from '@tanstack/react-query';
import { Suspense, lazy, useEffect } from 'react';
import { atBase } from '../../../api/base';
import { useMe } from '../../../api/session';
import type { Ticket } from '../../../api/types';
import { keysOf, shown, useCommands, type Command } from '../../../keys/commands';
import { defineText, useText } from '../../../text';
import { Button, buttonClass } from '../../../ui/button';
import { copy } from '../../../ui/copy';
import type { MenuEntry } from '../../../ui/menu';
import { MenuButton } from '../../../ui/menu-button';
import { toast } from '../../../ui/toast';
import { useTimerWork } from '../../time/controls';
import { askTime } from '../../time/open';
import { useStart } from '../../time/start';
import { timerText, timeText } from '../../time/text';
import { useTimer } from '../../time/timer';
import { useChangeTicket } from '../use-change-ticket';
import { ticketKey } from '../place';
import styles from './actions.module.css';
import { Escalate } from './escalate';
import { MergeDialog } from './merge';
import { openAction, useOpenAction } from './open';
import { AssignPicker, LabelsPicker, PriorityPicker, StatusPicker } from './pickers';
import { Questions } from './questions';
import { Snooze } from './snooze';
import { SplitDialog } from './split';

const MacroDialog = lazy(() => import('../replies/macro-dialog'));

const text = defineText(
  {
    group: 'Ticket',
    more: 'More actions',
    assign: 'Assign …',
    takeIt: 'Assign to me',
    status: 'Status …',
    priority: 'Priority …',
    labels: 'Labels …',
    resolve: 'Resolve',
    close: 'Close',
    reopen: 'Reopen',
    snooze: 'Snooze …',
    macro: 'Apply a macro …',
    escalate: 'Escalate …',
    deescalate: 'De-escalate …',
    merge: 'Merge …',
    split: 'Split …',
    copy: 'Copy link',
    copied: 'Link copied',
    resolved: (number: string) => `${number} is resolved`,
    undo: 'Undo',
    words: {
      assign: 'agent team assignee give hand over',
      snooze: 'put off later remind pending wake',
      macro: 'several steps at once template',
      merge: 'duplicate join combine',
      split: 'new ticket from comment',
      labels: 'tags',
    },
  },
  {
    group: 'Ticket',
    more: 'Weitere Aktionen',
    assign: 'Zuweisen …',
    takeIt: 'Mir zuweisen',
    status: 'Status …',
    priority: 'Priorität …',
    labels: 'Labels …',
    resolve: 'Lösen',
    close: 'Schließen',
    reopen: 'Wieder öffnen',
    snooze: 'Zurückstellen …',
    macro: 'Makro anwenden …',
    escalate: 'Eskalieren …',
    deescalate: 'Deeskalieren …',
    merge: 'Zusammenführen …',
    split: 'Abspalten …',
    copy: 'Link kopieren',
    copied: 'Link kopiert',
    resolved: (number: string) => `${number} ist gelöst`,
    undo: 'Rückgängig',
    words: {
      assign: 'zuständig Team Person übergeben',
      snooze: 'später erinnern wartend wecken',
      macro: 'mehrere Schritte auf einmal Vorlage',
      merge: 'doppelt verbinden vereinen',
      split: 'neues Ticket aus Kommentar',
      labels: 'Tags Schlagworte',
    },
  },
);

type Entry = Command & Pick<MenuEntry, 'icon' | 'isDanger'> & { isHidden?: boolean };

export function TicketActions({ ticket }: { ticket: Ticket }) {
  const words = useText(text);
  const me = useMe();
  const change = useChangeTicket(ticket);
  const queries = useQueryClient();
  const action = useOpenAction();
  const timers = useText(timerText);
  const times = useText(timeText);
  const timer = useTimer();
  const start = useStart();
  const { stop } = useTimerWork(timer);
  const isStaff = me.role !== 'customer';
  const isFixed = !isStaff || ticket.merged_into !== undefined;
  const isOver = ticket.status === 'resolved' || ticket.status === 'closed';
  const resolve = async () => {
    const before = ticket.status;
    if (!(await change({ status: 'resolved' }))) return;
    const now = () => queries.getQueryData<Ticket>(ticketKey(ticket.ticket_number)) ?? ticket;
    toast(words.resolved(ticket.ticket_number), {
      action: { label: words.undo, run: () => void change({ status: before }, { base: now() }) },
    });
  };
  const close = () => openAction(undefined);
  useEffect(() => close, [ticket.id]);

  const entry = (
    id: string,
    title: string,
    icon: Entry['icon'],
    run: () => void,
    more: Partial<Entry> = {},
  ): Entry => ({
    id: `ticket.${id}`,
    group: words.group,
    title,
    icon,
    run,
    ...more,
  });
  const asks: Entry[][] = isFixed
    ? []
    : [
        [
          entry('assign', words.assign, <UserPlus size={16} />, () => openAction({ kind: 'assign' }), {
            keys: ['a'],
            words: words.words.assign,
          }),
          entry('take', words.takeIt, <UserRoundCheck size={16} />, () => void change({ assigned_agent_id: me.id }), {
            keys: ['Shift+a'],
            isHidden: ticket.assigned_agent_id === me.id,
          }),
          entry('status', words.status, <CircleDot size={16} />, () => openAction({ kind: 'status' }), { keys: ['s'] }),
          entry('priority', words.priority, <SignalHigh size={16} />, () => openAction({ kind: 'priority' }), {
            keys: ['p'],
          }),
          entry('labels', words.labels, <Tag size={16} />, () => openAction({ kind: 'labels' }), {
            keys: ['l'],
            words: words.words.labels,
          }),
        ],
        [
          entry('macro', words.macro, <Zap size={16} />, () => openAction({ kind: 'macro' }), {
            keys: ['m'],
            words: words.words.macro,
          }),
          entry('resolve', words.resolve, <CheckCircle2 size={16} />, () => void resolve(), {
            keys: ['e'],
            isHidden: isOver,
          }),
          entry('reopen', words.reopen, <RotateCcw size={16} />, () => void change({ status: 'open' }), {
            isHidden: !isOver,
          }),
          entry('close', words.close, <CircleSlash size={16} />, () => void change({ status: 'closed' }), {
            isHidden: ticket.status === 'closed',
          }),
          entry('snooze', words.snooze, <AlarmClock size={16} />, () => openAction({ kind: 'snooze' }), {
            keys: ['z'],
            words: words.words.snooze,
            isHidden: ticket.status === 'closed',
          }),
          entry('escalate', words.escalate, <ArrowUpCircle size={16} />, () => openAction({ kind: 'escalate' })),
          entry(
            'deescalate',
            words.deescalate,
            <ArrowDownCircle size={16} />,
            () => openAction({ kind: 'deescalate' }),
            {
              isHidden: (ticket.escalation_level ?? 0) === 0,
            },
          ),
        ],
        [
          timer?.ticket_id === ticket.id
            ? {
                // The frame's own command, which does the same.
                id: 'timer.stop',
                group: timers.group,
                title: timers.stop,
                icon: <Square size={16} />,
                keys: ['Shift+t'],
                words: timers.words,
                run: stop,
              }
            : entry('timer', timer == null ? timers.start : timers.here, <Timer size={16} />, () => start(ticket), {
                keys: ['Shift+t'],
                words: timers.words,
              }),
          // The frame's own as well, here for this ticket.
          {
            id: 'time.log',
            group: times.group,
            title: times.log,
            icon: <ClockPlus size={16} />,
            run: () => askTime({ kind: 'log', ticket }),
          },
        ],
        [
          entry('merge', words.merge, <Merge size={16} />, () => openAction({ kind: 'merge' }), {
            words: words.words.merge,
          }),
          entry('split', words.split, <Split size={16} />, () => openAction({ kind: 'split' }), {
            words: words.words.split,
          }),
        ],
      ];
  const link = entry(
    'copy-link',
    words.copy,
    <Link2 size={16} />,
    () => void copy(atBase(`tickets/${ticket.ticket_number}`), words.copied),
  );
  const groups = [...asks, [link]].map((group) => group.filter((one) => one.isHidden !== true));
  useCommands(groups.flat().map(({ icon: _icon, isDanger: _danger, isHidden: _hidden, ...command }) => command));

  return (
    <div className={styles.bar}>
      {!isFixed &&
        (isOver ? (
          <Button icon={<RotateCcw size={16} />} onClick={() => void change({ status: 'open' })}>
            <span className={styles.word}>{words.reopen}</span>
          </Button>
        ) : (
          <Button icon={<CheckCircle2 size={16} />} onClick={() => void resolve()}>
            <span className={styles.word}>{words.resolve}</span>
          </Button>
        ))}
      <MenuButton
        className={buttonClass('quiet', undefined, true)}
        label={words.more}
        title={words.more}
        groups={groups.map((items) => ({
          items: items.map((one) => ({
            id: one.id,
            label: one.title,
            icon: one.icon,
            keys: shown(keysOf(one)[0] ?? '').join(' ') || undefined,
            run: one.run,
          })),
        }))}
      >
        <MoreHorizontal size={18} />
      </MenuButton>
      {isStaff && <Questions ticket={ticket} />}
      {!isFixed && action !== undefined && <Open action={action} ticket={ticket} onClose={close} />}
    </div>
  );
}

function Open({
  action,
  ticket,
  onClose,
}: {
  action: NonNullable<ReturnType<typeof useOpenAction>>;
  ticket: Ticket;
  onClose: () => void;
}) {
  const of = { ticket, onClose };
  switch (action.kind) {
    case 'assign':
      return <AssignPicker {...of} />;
    case 'status':
      return <StatusPicker {...of} />;
    case 'priority':
      return <PriorityPicker {...of} />;
    case 'labels':
      return <LabelsPicker {...of} />;
    case 'escalate':
      return <Escalate {...of} isDown={false} />;
    case 'deescalate':
      return <Escalate {...of} isDown />;
    case 'snooze':
      return <Snooze {...of} />;
    case 'merge':
      return <MergeDialog {...of} />;
    case 'macro':
      return (
        <Suspense>
          <MacroDialog {...of} id={action.id} />
        </Suspense>
      );
    case 'split':
      return <SplitDialog {...of} commentId={action.commentId} />;
  }
}
