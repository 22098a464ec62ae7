/** Asks what a change waits for: whose version of a field is to stand, or whether it goes on in spite of what blocks it. */
import { useEffect, useState } from 'react';
import { useLive } from '../../../api/live';
import { useMe } from '../../../api/session';
import type { Ticket } from '../../../api/types';
import { defineText, useText } from '../../../text';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { attend, useQuestion, type Question } from '../changes/questions';
import type { Clash, FieldName } from '../changes/three-way';
import { Value, useFieldName } from '../changes/value';
import styles from './questions.module.css';

const text = defineText(
  {
    title: 'Somebody was quicker',
    by: (name: string) => `${name} has changed the same meanwhile. Which is to stand?`,
    bySomebody: 'Somebody else has changed the same meanwhile. Which is to stand?',
    was: 'Was',
    mine: 'Mine',
    theirs: 'Theirs',
    allMine: 'All mine',
    allTheirs: 'All theirs',
    keep: 'Keep the choice',
    cancel: 'Leave it as it is now',
    rest: (names: string) => `Your change of ${names} is kept in any case.`,
    blocked: 'Open tickets block this one',
    goOn: 'Resolve anyway',
    back: 'Don’t resolve',
  },
  {
    title: 'Jemand war schneller',
    by: (name: string) => `${name} hat inzwischen dasselbe geändert. Was soll gelten?`,
    bySomebody: 'Jemand anderes hat inzwischen dasselbe geändert. Was soll gelten?',
    was: 'Vorher',
    mine: 'Meins',
    theirs: 'Anderes',
    allMine: 'Alles von mir',
    allTheirs: 'Alles andere',
    keep: 'Auswahl übernehmen',
    cancel: 'So lassen, wie es jetzt ist',
    rest: (names: string) => `Ihre Änderung von ${names} bleibt in jedem Fall.`,
    blocked: 'Offene Tickets blockieren dieses',
    goOn: 'Trotzdem lösen',
    back: 'Nicht lösen',
  },
);

/** Stands once beside each ticket that is shown. */
export function Questions({ ticket }: { ticket: Ticket }) {
  const me = useMe();
  const question = useQuestion(ticket.id);
  const [by, setBy] = useState<string>();
  useLive('ticket', (event) => {
    if (event.ticket.id !== ticket.id || event.actor?.id === me.id) return;
    setBy(event.actor?.name);
  });
  useEffect(() => attend(ticket.id), [ticket.id]);
  if (question === undefined) return null;
  if (question.kind === 'blocked') return <Blocked question={question} />;
  return <Whose question={question} by={by} />;
}

function Blocked({ question }: { question: Extract<Question, { kind: 'blocked' }> }) {
  const words = useText(text);
  return (
    <Dialog
      title={words.blocked}
      onClose={() => question.answer(false)}
      footer={
        <>
          <Button autoFocus onClick={() => question.answer(false)}>
            {words.back}
          </Button>
          <Button kind="primary" onClick={() => question.answer(true)}>
            {words.goOn}
          </Button>
        </>
      }
    >
      <p>{question.words}</p>
    </Dialog>
  );
}

function Whose({ question, by }: { question: Extract<Question, { kind: 'clash' }>; by: string | undefined }) {
  const words = useText(text);
  const nameOf = useFieldName();
  const { clashes, rest } = question.comparison;
  const [mine, setMine] = useState<ReadonlySet<FieldName>>(() => new Set(clashes.map((clash) => clash.field)));
  const kept = Object.keys(rest).flatMap((key) =>
    key === 'custom_fields'
      ? Object.keys(rest.custom_fields ?? {}).map((own) => nameOf(`custom_fields.${own}`))
      : [nameOf(key as FieldName)],
  );
  const choose = (field: FieldName, isMine: boolean) => {
    const next = new Set(mine);
    if (isMine) next.add(field);
    else next.delete(field);
    setMine(next);
  };
  return (
    <Dialog
      title={words.title}
      size="medium"
      isDismissable={false}
      onClose={() => question.answer(undefined)}
      footer={
        <>
          <Button onClick={() => question.answer(undefined)}>{words.cancel}</Button>
          <Button kind="primary" autoFocus onClick={() => question.answer((field) => mine.has(field))}>
            {words.keep}
          </Button>
        </>
      }
    >
      <p>{by === undefined ? words.bySomebody : words.by(by)}</p>
      {clashes.length > 1 && (
        <div className={styles.all}>
          <Button size="small" onClick={() => setMine(new Set(clashes.map((clash) => clash.field)))}>
            {words.allMine}
          </Button>
          <Button size="small" onClick={() => setMine(new Set())}>
            {words.allTheirs}
          </Button>
        </div>
      )}
      {clashes.map((clash) => (
        <Choice
          key={clash.field}
          clash={clash}
          name={nameOf(clash.field)}
          isMine={mine.has(clash.field)}
          onChoose={(isMine) => choose(clash.field, isMine)}
        />
      ))}
      {kept.length > 0 && <p className={styles.rest}>{words.rest(kept.join(', '))}</p>}
    </Dialog>
  );
}

interface ChoiceProps {
  clash: Clash;
  name: string;
  isMine: boolean;
  onChoose: (isMine: boolean) => void;
}

function Choice({ clash, name, isMine, onChoose }: ChoiceProps) {
  const words = useText(text);
  return (
    <fieldset className={styles.clash}>
      <legend className={styles.name}>{name}</legend>
      <p className={styles.was}>
        <span>{words.was}</span> <Value field={clash.field} value={clash.was} />
      </p>
      <div className={styles.sides}>
        {([true, false] as const).map((side) => (
          <label key={String(side)} className={styles.side} data-chosen={isMine === side}>
            <input type="radio" name={clash.field} checked={isMine === side} onChange={() => onChoose(side)} />
            <span className={styles.whose}>{side ? words.mine : words.theirs}</span>
            <Value field={clash.field} value={side ? clash.mine : clash.theirs} />
          </label>
        ))}
      </div>
    </fieldset>
  );
}
