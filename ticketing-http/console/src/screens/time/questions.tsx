/** What is asked about time, wherever it was asked: the frame shows it. */
import { useText } from '../../text';
import { Confirm } from '../../ui/confirm';
import { Dialog } from '../../ui/dialog';
import { Loaded } from '../../ui/loaded';
import { toast } from '../../ui/toast';
import { TicketFinder } from '../ticket/panel/ticket-finder';
import { amountText, clockText, toHundredths } from './amount';
import { useRule } from './data';
import { EntryForm } from './entry-form';
import { focusAfter } from './focus';
import { askTime, type TicketName, type TimeQuestion } from './open';
import { timerText, timeText } from './text';
import { useElapsed, useTimer, useTimerChange } from './timer';

export default function Questions({ question }: { question: TimeQuestion }) {
  const close = () => {
    askTime(undefined);
    focusAfter(document.getElementById('content'));
  };
  switch (question.kind) {
    case 'log':
      return question.ticket === undefined ? (
        <ChooseTicket question={question} onClose={close} />
      ) : (
        <Form question={question} onClose={close} />
      );
    case 'edit':
      return <Form key={question.entry.id} question={question} onClose={close} />;
    case 'switch':
      return <Switch ticket={question.ticket} onClose={close} />;
    case 'discard':
      return <Discard onClose={close} />;
  }
}

type FormQuestion = Extract<TimeQuestion, { kind: 'log' | 'edit' }>;

function Form({ question, onClose }: { question: FormQuestion; onClose: () => void }) {
  const words = useText(timeText);
  const rule = useRule();
  // What it begins with is by the desk's rule.
  if (rule.data === undefined) {
    return (
      <Dialog title={question.kind === 'log' ? words.log : words.edit} onClose={onClose}>
        <Loaded of={rule}>{() => null}</Loaded>
      </Dialog>
    );
  }
  return <EntryForm rule={rule.data} {...question} onClose={onClose} />;
}

function ChooseTicket({ question, onClose }: { question: FormQuestion; onClose: () => void }) {
  const words = useText(timeText);
  return (
    <Dialog title={words.log} onClose={onClose}>
      <TicketFinder
        autoFocus
        label={words.ticket}
        onPick={({ id, ticket_number, subject }) =>
          askTime({ ...question, kind: 'log', ticket: { id, ticket_number, subject } })
        }
      />
    </Dialog>
  );
}

function Switch({ ticket, onClose }: { ticket: TicketName; onClose: () => void }) {
  const words = useText(timerText);
  const timer = useTimer();
  const { start } = useTimerChange();
  const run = async () => {
    const { logged } = await start.mutateAsync({ ticket: ticket.id, switch: true });
    if (logged === undefined) return;
    const from = timer?.ticket ?? undefined;
    toast(words.switched(amountText(toHundredths(logged.hours))), {
      action: {
        label: words.look,
        run: () => askTime({ kind: 'edit', entry: logged, ticket: from, isFromTimer: true }),
      },
    });
  };
  return (
    <Confirm isHarmless title={words.switchTitle} action={words.switchAction} run={run} onClose={onClose}>
      {words.switchBody(timer?.ticket?.ticket_number ?? words.elsewhere)}
    </Confirm>
  );
}

function Discard({ onClose }: { onClose: () => void }) {
  const words = useText(timerText);
  const timer = useTimer();
  const elapsed = useElapsed(timer);
  const { discard } = useTimerChange();
  const run = async () => {
    if (timer != null) await discard(timer);
  };
  return (
    <Confirm title={words.discardTitle} action={words.discardAction} run={run} onClose={onClose}>
      {words.discardBody(clockText(elapsed))}
    </Confirm>
  );
}
