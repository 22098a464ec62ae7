/** What is done with a ticket when a promise to it is broken. */
import { useText } from '../../../text';
import { CheckField } from '../../../ui/field';
import { useTeams } from '../data';
import { Pick } from '../../../ui/pick';
import styles from './breach.module.css';
import { policyText } from './text';

export interface OnBreach {
  escalate: boolean;
  /** A role of its team, or the id of a team or a person. */
  to: string | null;
  raise_priority: boolean;
}

export function Breach({
  value,
  error,
  onChange,
}: {
  value: OnBreach;
  error: string | undefined;
  onChange: (value: OnBreach) => void;
}) {
  const words = useText(policyText);
  const teams = useTeams();
  const choices = [
    { id: 'next_role', name: words.nextRole },
    { id: 'team_lead', name: words.teamLead },
    { id: 'team_manager', name: words.teamManager },
    ...(teams.data ?? []).map((team) => ({ id: team.id, name: team.name })),
  ];
  return (
    <>
      <CheckField
        label={words.escalate}
        checked={value.escalate}
        onChange={(event) => onChange({ ...value, escalate: event.target.checked })}
      />
      {value.escalate && (
        <Pick
          className={styles.to ?? ''}
          label={words.escalateTo}
          placeholder={words.stays}
          items={choices}
          value={value.to}
          error={error}
          onChange={(to) => onChange({ ...value, to })}
        />
      )}
      <CheckField
        label={words.raise}
        checked={value.raise_priority}
        onChange={(event) => onChange({ ...value, raise_priority: event.target.checked })}
      />
    </>
  );
}
