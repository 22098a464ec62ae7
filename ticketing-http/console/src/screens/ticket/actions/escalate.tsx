/** More attention, or less: each with the reason why. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { api, ok } from '../../../api/client';
import { useDirectory } from '../../../api/directory';
import { Problem } from '../../../api/problem';
import type { Ticket } from '../../../api/types';
import { defineText, useText } from '../../../text';
import { Avatar } from '../../../ui/avatar';
import { Button } from '../../../ui/button';
import { ComboBox } from '../../../ui/combo-box';
import { Dialog } from '../../../ui/dialog';
import { SelectField, TextArea } from '../../../ui/field';
import { reason as wordsOf, toast } from '../../../ui/toast';
import { useOnce } from '../../../ui/use-once';
import { useStaffOptions } from '../panel/people-row';
import { showTicket } from '../use-change-ticket';
import styles from './actions.module.css';
import { useDraft } from './draft';

const text = defineText(
  {
    escalate: 'Escalate',
    deescalate: 'De-escalate',
    level: (n: number) => (n === 0 ? 'Not escalated yet.' : `Escalated to level ${n}.`),
    reason: 'Reason',
    reasonHint: 'Staff read it in the timeline; customers do not.',
    to: 'Whom it goes to',
    same: 'It stays with whoever has it',
    next_role: 'The next role above its agent',
    team_lead: 'The team’s lead',
    team_manager: 'The team’s manager',
    person: 'Somebody',
    find: 'Find somebody',
    toLevel: 'Level that is enough',
    none: 'Not escalated',
    levelN: (n: number) => `Level ${n}`,
    cancel: 'Cancel',
    escalated: (number: string) => `${number} was escalated`,
    deescalated: (number: string) => `${number} was de-escalated`,
  },
  {
    escalate: 'Eskalieren',
    deescalate: 'Deeskalieren',
    level: (n: number) => (n === 0 ? 'Noch nicht eskaliert.' : `Auf Stufe ${n} eskaliert.`),
    reason: 'Grund',
    reasonHint: 'Mitarbeitende lesen ihn im Verlauf, Kunden nicht.',
    to: 'An wen es geht',
    same: 'Es bleibt, bei wem es ist',
    next_role: 'Die nächste Rolle über der zuständigen Person',
    team_lead: 'Die Teamleitung',
    team_manager: 'Das Management des Teams',
    person: 'Eine bestimmte Person',
    find: 'Person suchen',
    toLevel: 'Stufe, die genügt',
    none: 'Nicht eskaliert',
    levelN: (n: number) => `Stufe ${n}`,
    cancel: 'Abbrechen',
    escalated: (number: string) => `${number} wurde eskaliert`,
    deescalated: (number: string) => `${number} wurde deeskaliert`,
  },
);

export function Escalate({ ticket, isDown, onClose }: { ticket: Ticket; isDown: boolean; onClose: () => void }) {
  const words = useText(text);
  const queries = useQueryClient();
  const once = useOnce();
  const { staff } = useDirectory();
  const options = useStaffOptions();
  const [reason, setReason] = useDraft(`escalate ${ticket.id}`);
  const [to, setTo] = useState('next_role');
  const [person, setPerson] = useState<string>();
  const level = ticket.escalation_level ?? 0;
  const [toLevel, setToLevel] = useState(Math.max(0, level - 1));

  const send = useMutation({
    mutationFn: () => {
      const path = { ticket: ticket.id };
      if (isDown) {
        const body = { reason: reason.trim(), to_level: toLevel };
        return once(body, (header) =>
          ok(api.POST('/api/tickets/{ticket}/deescalate', { params: { path, header }, body })),
        );
      }
      const body = { reason: reason.trim(), to: to === 'same' ? null : to === 'person' ? (person ?? null) : to };
      return once(body, (header) => ok(api.POST('/api/tickets/{ticket}/escalate', { params: { path, header }, body })));
    },
    onSuccess: (changed) => {
      showTicket(queries, changed);
      toast((isDown ? words.deescalated : words.escalated)(ticket.ticket_number));
      setReason('');
      onClose();
    },
  });
  const problem = send.error instanceof Problem ? send.error : undefined;
  const fields = problem?.body.errors ?? [];
  const other = send.error !== null && !fields.some((one) => ['reason', 'to', 'to_level'].includes(one.field));
  const name = person === undefined ? undefined : staff.get(person)?.name;

  const title = isDown ? words.deescalate : words.escalate;
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button type="submit" form="escalate" kind="primary" busy={send.isPending}>
            {title}
          </Button>
        </>
      }
    >
      <form
        id="escalate"
        className={styles.form}
        onSubmit={(event: SubmitEvent) => {
          event.preventDefault();
          if (!send.isPending) send.mutate();
        }}
      >
        <p className={styles.quiet}>{words.level(level)}</p>
        <TextArea
          label={words.reason}
          hint={words.reasonHint}
          error={problem?.field('reason')}
          autoFocus
          required
          rows={3}
          maxLength={1000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) event.currentTarget.form?.requestSubmit();
          }}
        />
        {isDown ? (
          <SelectField
            label={words.toLevel}
            error={problem?.field('to_level')}
            value={toLevel}
            onChange={(event) => setToLevel(Number(event.target.value))}
          >
            {Array.from({ length: level }, (_, n) => (
              <option key={n} value={n}>
                {n === 0 ? words.none : words.levelN(n)}
              </option>
            ))}
          </SelectField>
        ) : (
          <>
            <SelectField
              label={words.to}
              error={problem?.field('to')}
              value={to}
              onChange={(event) => setTo(event.target.value)}
            >
              {(['next_role', 'team_lead', 'team_manager', 'person', 'same'] as const).map((one) => (
                <option key={one} value={one}>
                  {words[one]}
                </option>
              ))}
            </SelectField>
            {to === 'person' &&
              (name === undefined ? (
                <ComboBox
                  label={words.find}
                  groups={[
                    {
                      options: options.map(({ id, user, detail }) => ({
                        id,
                        label: user.name,
                        detail,
                        icon: <Avatar name={user.name} size={20} />,
                      })),
                    },
                  ]}
                  onPick={setPerson}
                />
              ) : (
                <Button className={styles.person} onClick={() => setPerson(undefined)}>
                  <Avatar name={name} size={20} />
                  {name}
                </Button>
              ))}
          </>
        )}
        {other && (
          <p className={styles.error} role="alert">
            {wordsOf(send.error)}
          </p>
        )}
      </form>
    </Dialog>
  );
}
