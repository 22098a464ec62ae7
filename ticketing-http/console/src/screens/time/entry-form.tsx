/** Logging time, or correcting what was logged: so much, or from when to when. */
import { useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { api, ifVersion, ok } from '../../api/client';
import { Problem } from '../../api/problem';
import { useMe } from '../../api/session';
import type { Schemas } from '../../api/types';
import { useFormat } from '../../format';
import { useText } from '../../text';
import { PersonPick } from '../admin/person-pick';
import { Button } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { differing } from '../../ui/differ';
import { Dialog } from '../../ui/dialog';
import { CheckField, TextArea, TextField } from '../../ui/field';
import { fieldText } from '../../ui/field-words';
import { toast } from '../../ui/toast';
import { useOnce } from '../../ui/use-once';
import { useSubmit } from '../../ui/use-submit';
import { amountText, readAmount, toHundredths } from './amount';
import { mayManage } from './data';
import { mediumDay, today } from './days';
import { emptyDraft, hasSameEnds, readEntry, writeDraft, type Draft, type Entry } from './draft';
import styles from './entry-form.module.css';
import { timeText } from './text';
import type { TicketName } from './open';
import { timeChanged } from './timer';

type Rule = Schemas['TimeTracking'];

interface KeptDraft {
  draft: Draft;
  person: string;
  /** The day that it began with: where that is still what it says, nobody chose it. */
  began: string;
}

/** What somebody typed of new time and did not send is there again when they open the form again. */
const kept = new Map<string, KeptDraft>();

interface Props {
  rule: Rule;
  ticket?: TicketName | undefined;
  /** What is corrected; nothing where time is logged. */
  entry?: Entry | undefined;
  isFromTimer?: boolean | undefined;
  day?: string | undefined;
  userId?: string | undefined;
  onClose: () => void;
}

export function EntryForm({ rule, ticket, entry, isFromTimer = false, day, userId, onClose }: Props) {
  const words = useText(timeText);
  const faults = useText(fieldText);
  const { number } = useFormat();
  const me = useMe();
  const queries = useQueryClient();
  const once = useOnce();
  const formId = useId();
  const [base, setBase] = useState(entry);
  const [began] = useState(day ?? today());
  const begins = base === undefined ? emptyDraft(began, rule.default_billable) : readEntry(base);
  const name = `${me.id} ${ticket?.id} ${day ?? ''} ${userId ?? ''}`;
  const [before] = useState(() => (entry === undefined ? kept.get(name) : undefined));
  const [draft, setDraft] = useState(() =>
    before === undefined ? begins : { ...before.draft, ...(before.draft.day === before.began ? { day: began } : {}) },
  );
  const [person, setPerson] = useState(before?.person ?? userId ?? me.id);
  const [saved, setSaved] = useState<Entry>();
  const [isDeleting, setDeleting] = useState(false);
  const set = (part: Partial<Draft>) => {
    const next = { ...draft, ...part };
    if (base === undefined) kept.set(name, { draft: next, person, began });
    setDraft(next);
  };
  const choosePerson = (id: string) => {
    kept.set(name, { draft, person: id, began });
    setPerson(id);
  };
  const isAmount = draft.says === 'amount';
  const amount = readAmount(draft.hours);

  const { form, onSubmit, isBusy, errors, rest } = useSubmit({
    fields: ['hours', 'day', 'started_at', 'ended_at', 'description', 'user_id'],
    check: () => ({
      ...(draft.day === '' ? { day: faults.required } : {}),
      ...(isAmount && amount === undefined
        ? { hours: draft.hours.trim() === '' ? faults.required : words.amountWrong }
        : {}),
      ...(!isAmount && draft.started_at === '' ? { started_at: faults.required } : {}),
      ...(!isAmount && draft.ended_at === '' ? { ended_at: faults.required } : {}),
      ...(!isAmount && draft.ended_at !== '' && draft.ended_at === draft.started_at && !hasSameEnds(draft, begins)
        ? { ended_at: words.notSame }
        : {}),
    }),
    work: async () => {
      const done = await (base === undefined ? add() : change(base));
      kept.delete(name);
      void timeChanged(queries);
      if (done.warnings !== undefined && done.warnings.length > 0) {
        setBase(done);
        setDraft(readEntry(done));
        setSaved(done);
        return;
      }
      toast(base === undefined ? words.logged(amountText(toHundredths(done.hours))) : words.saved);
      onClose();
    },
  });

  const add = (): Promise<Entry> => {
    const body = { ...writeDraft(draft), ...(person === me.id ? {} : { user_id: person }) };
    return once([ticket?.id, body], (header) =>
      ok(
        api.POST('/api/tickets/{ticket}/time-entries', {
          params: { path: { ticket: ticket?.id ?? '' }, header },
          body,
        }),
      ),
    );
  };
  const change = async (before: Entry): Promise<Entry> => {
    const whole = writeDraft(draft, before);
    const part = differing(writeDraft(readEntry(before), before), whole);
    if (Object.keys(part).length === 0) return before;
    const path = { id: before.id };
    try {
      return await ok(
        api.PATCH('/api/time-entries/{id}', {
          params: { path, header: ifVersion(before.version) },
          // What was typed is how much it is, whatever the ends say that go with it.
          body: { ...part, ...(whole.hours === undefined ? {} : { hours: whole.hours }) },
        }),
      );
    } catch (error) {
      if (error instanceof Problem && error.isStale) {
        // Theirs, with what was changed here on top, is what is looked at next.
        const theirs = await ok(api.GET('/api/time-entries/{id}', { params: { path }, cache: 'no-store' }));
        setBase(theirs);
        setDraft({ ...readEntry(theirs), ...differing(readEntry(before), draft) });
      }
      throw error;
    }
  };
  const remove = async () => {
    if (base === undefined) return;
    await ok(api.DELETE('/api/time-entries/{id}', { params: { path: { id: base.id } } }));
    // The focus goes on from what is still there.
    await timeChanged(queries);
    toast(words.deleted);
    onClose();
  };

  const where = ticket === undefined ? undefined : `${ticket.ticket_number} ${ticket.subject}`;
  if (isDeleting && base !== undefined) {
    return <DeleteEntry entry={base} run={remove} onClose={() => setDeleting(false)} />;
  }
  if (saved !== undefined) {
    return <Kept entry={saved} onCorrect={() => setSaved(undefined)} onClose={onClose} />;
  }
  const isTouched = base === undefined || Object.keys(differing(begins, draft)).length > 0;
  return (
    <Dialog
      title={isFromTimer ? words.stopped : base === undefined ? words.log : words.edit}
      onClose={onClose}
      footer={
        <>
          {base !== undefined && (
            <Button className={styles.delete} onClick={() => setDeleting(true)}>
              {words.delete}
            </Button>
          )}
          <Button onClick={onClose}>{isTouched ? words.cancel : words.done}</Button>
          {isTouched && (
            <Button kind="primary" type="submit" form={formId} busy={isBusy}>
              {base === undefined ? words.log : words.save}
            </Button>
          )}
        </>
      }
    >
      <form id={formId} ref={form} className={styles.form} noValidate onSubmit={onSubmit}>
        {where !== undefined && (
          <p className={styles.ticket} dir="auto">
            {where}
          </p>
        )}
        {isFromTimer && base !== undefined && (
          <>
            <p>{words.stoppedBody}</p>
            <Warnings entry={base} />
          </>
        )}
        {base === undefined && mayManage(me) && (
          <PersonPick
            label={words.person}
            value={person}
            roles={['agent', 'manager', 'admin']}
            canBeEmpty={false}
            error={errors['user_id']}
            onChange={(id) => choosePerson(id ?? me.id)}
          />
        )}
        <fieldset className={styles.says}>
          <legend className="visually-hidden">{words.says}</legend>
          {(['amount', 'ends'] as const).map((says) => (
            <label key={says} className={styles.choice}>
              <input
                type="radio"
                name={`${formId}-says`}
                checked={draft.says === says}
                onChange={() => set({ says })}
              />
              {words[says]}
            </label>
          ))}
        </fieldset>
        <div className={styles.fields}>
          {isAmount && (
            <TextField
              label={words.amount}
              autoFocus
              autoComplete="off"
              value={draft.hours}
              hint={amount === undefined ? words.amountHint : words.amountIs(amountText(amount))}
              error={errors['hours']}
              onChange={(event) => set({ hours: event.target.value })}
            />
          )}
          <TextField
            type="date"
            label={words.day}
            value={draft.day}
            max={today()}
            error={errors['day'] ?? (isAmount ? errors['started_at'] : undefined)}
            onChange={(event) => set({ day: event.target.value })}
          />
          {!isAmount && (
            <>
              <TextField
                type="time"
                label={words.start}
                value={draft.started_at}
                error={errors['started_at']}
                onChange={(event) => set({ started_at: event.target.value })}
              />
              <TextField
                type="time"
                label={words.end}
                value={draft.ended_at}
                error={errors['ended_at'] ?? errors['hours']}
                onChange={(event) => set({ ended_at: event.target.value })}
              />
            </>
          )}
        </div>
        {!isAmount && (
          <p className={styles.hint}>
            {words.endsHint} {rule.round_to_minutes > 0 && words.roundedTo[rule.round](number(rule.round_to_minutes))}
          </p>
        )}
        <TextArea
          label={words.note}
          hint={words.noteHint}
          rows={2}
          maxLength={4000}
          value={draft.description}
          error={errors['description']}
          onChange={(event) => set({ description: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) event.currentTarget.form?.requestSubmit();
          }}
        />
        <CheckField
          label={words.billable}
          checked={draft.billable}
          onChange={(event) => set({ billable: event.target.checked })}
        />
        {rest !== undefined && (
          <p role="alert" className={styles.failure} dir="auto">
            {rest}
          </p>
        )}
      </form>
    </Dialog>
  );
}

/** The question before an entry goes. */
export function DeleteEntry({
  entry,
  run,
  onClose,
}: {
  entry: Entry;
  run: () => Promise<unknown>;
  onClose: () => void;
}) {
  const words = useText(timeText);
  return (
    <Confirm title={words.deleteTitle} action={words.delete} run={run} onClose={onClose}>
      {words.deleteBody(amountText(toHundredths(entry.hours)), entry.user.name)}
    </Confirm>
  );
}

/** It was saved, and may be a mistake all the same. */
function Kept({ entry, onCorrect, onClose }: { entry: Entry; onCorrect: () => void; onClose: () => void }) {
  const words = useText(timeText);
  return (
    <Dialog
      title={words.edit}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onCorrect}>{words.correct}</Button>
          <Button kind="primary" autoFocus onClick={onClose}>
            {words.leave}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <p>{words.kept}</p>
        <Warnings entry={entry} />
      </div>
    </Dialog>
  );
}

export function Warnings({ entry }: { entry: Entry }) {
  const words = useText(timeText);
  const { time, isoDate } = useFormat();
  return (entry.warnings ?? []).map((warning, at) => (
    <div key={at} role="alert" className={styles.warning}>
      <p dir="auto">
        {warning.code === 'overlap' ? words.overlap : warning.code === 'capped' ? words.capped : warning.message}
      </p>
      {warning.entries !== undefined && (
        <ul>
          {warning.entries.map((one) => (
            <li key={one.id}>
              {one.started_at !== null && one.ended_at !== null && (
                <>
                  {mediumDay(isoDate(one.started_at))}, {time(one.started_at)}–{time(one.ended_at)},{' '}
                </>
              )}
              {amountText(toHundredths(one.hours))}
            </li>
          ))}
        </ul>
      )}
    </div>
  ));
}
