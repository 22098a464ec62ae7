/** What staff say of a ticket beside what it is about. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '../../api/client';
import { useDirectory } from '../../api/directory';
import { PRIORITIES, type Priority } from '../../api/types';
import { useText } from '../../text';
import { ticketText } from '../../ui/badge';
import { Button } from '../../ui/button';
import { SelectField, TextField } from '../../ui/field';
import type { FieldErrors } from '../../ui/field-text';
import { Pick, type Choice } from '../../ui/pick';
import { useRested } from '../../ui/use-rested';
import type { Draft } from './draft';
import styles from './new-ticket.module.css';
import { Tags } from './tags';
import { newTicketText } from './text';

interface Props {
  draft: Draft;
  errors: FieldErrors;
  onChange: (change: Partial<Draft>) => void;
}

export function Requester({ draft, errors, onChange }: Props) {
  const words = useText(newTicketText);
  const [typed, setTyped] = useState('');
  const q = useRested(typed.trim());
  const { data } = useQuery({
    queryKey: ['users', 'requesters', q],
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/users', {
          params: { query: { is_active: true, limit: 20, ...(q === '' ? { role: ['customer'] } : { q }) } },
          signal,
        }),
      ),
    enabled: !draft.isNewPerson,
    placeholderData: keepPreviousData,
  });
  const found: Choice[] = (data?.items ?? []).map(({ id, name, email }) => ({ id, name, about: email }));
  const chosen = draft.requester;
  const items =
    chosen === null || found.some((one) => one.id === chosen.id)
      ? found
      : [{ id: chosen.id, name: chosen.name }, ...found];

  if (draft.isNewPerson)
    return (
      <div className={styles.person} data-new>
        <TextField
          label={words.newEmail}
          type="email"
          value={draft.newEmail}
          error={errors['customer.email'] ?? errors['customer']}
          hint={words.newHint}
          onChange={(event) => onChange({ newEmail: event.target.value })}
        />
        <TextField
          label={words.newName}
          maxLength={200}
          value={draft.newName}
          error={errors['customer.name']}
          onChange={(event) => onChange({ newName: event.target.value })}
        />
        <Button size="small" className={styles.other} onClick={() => onChange({ isNewPerson: false })}>
          {words.known}
        </Button>
      </div>
    );
  return (
    <div className={styles.person}>
      <Pick
        label={words.requester}
        hint={words.requesterHint}
        items={items}
        value={chosen?.id ?? null}
        error={errors['customer_id']}
        onSearch={setTyped}
        onChange={(id) => {
          setTyped('');
          const one = items.find((item) => item.id === id);
          onChange({ requester: one === undefined ? null : { id: one.id, name: one.name } });
        }}
      />
      <Button
        size="small"
        className={styles.other}
        onClick={() =>
          onChange({
            isNewPerson: true,
            requester: null,
            // What was looked for in vain is what somebody new is called, or where they are reached.
            ...(typed.includes('@')
              ? { newEmail: typed.trim() }
              : typed.trim() === ''
                ? {}
                : { newName: typed.trim() }),
          })
        }
      >
        {words.somebodyNew}
      </Button>
    </div>
  );
}

export function Handling({ draft, errors, onChange }: Props) {
  const words = useText(newTicketText);
  const names = useText(ticketText);
  const { staff, teams } = useDirectory();
  const active = <T extends { id: string; name: string; is_active: boolean }>(all: Iterable<T>) =>
    [...all].filter((one) => one.is_active).sort((a, b) => a.name.localeCompare(b.name));
  return (
    <>
      <SelectField
        label={words.priority}
        value={draft.priority}
        error={errors['priority']}
        onChange={(event) => onChange({ priority: event.target.value as Priority })}
      >
        {PRIORITIES.map((priority) => (
          <option key={priority} value={priority}>
            {names.priority[priority]}
          </option>
        ))}
      </SelectField>
      <Pick
        label={words.team}
        items={active(teams.values()).map(({ id, name }) => ({ id, name }))}
        value={draft.teamId}
        error={errors['team_id']}
        onChange={(teamId) => onChange({ teamId })}
      />
      <Pick
        label={words.assignee}
        items={active(staff.values()).map(({ id, name, email }) => ({ id, name, about: email }))}
        value={draft.agentId}
        error={errors['assigned_agent_id']}
        onChange={(agentId) => onChange({ agentId })}
      />
      <Tags tags={draft.tags} error={errors['tags']} onChange={(tags) => onChange({ tags })} />
    </>
  );
}
