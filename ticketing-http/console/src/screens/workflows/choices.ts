/** Whom and what one can choose: people, teams, companies. */
import { useState } from 'react';
import { useText } from '../../text';
import { conditionText } from '../../ui/condition-text';
import { useEditing } from './context';
import { useCustomers, useOrganizations, useStaff, useTeams } from './data';
import type { IdOf } from './model/catalog';
import { ruleText } from './model/text';
import type { Choice } from './pick';
import { buildText } from './text-build';

/** Stands for null, where nobody or nothing is a choice, too. */
export const NOBODY = '∅';

const person = (user: { id: string; name: string; email: string }): Choice => ({
  id: user.id,
  label: user.name,
  hint: user.email,
});

/** What an id of this kind can be; customers are looked up by what is typed. */
export function useChoices(of: IdOf): { choices: Choice[]; onQuery?: (query: string) => void } {
  const [query, setQuery] = useState('');
  const words = useText(conditionText);
  const { data: staff = [] } = useStaff();
  const { data: teams = [] } = useTeams();
  const { data: organizations = [] } = useOrganizations();
  const { data: customers } = useCustomers(query, of === 'customer' || of === 'user');
  const { me, myTeams } = useText(buildText);
  const { isStanding = false } = useEditing();
  const nobody: Choice = { id: NOBODY, label: words.nobody };
  /** Whoever looks, where that is somebody. */
  const viewer = (id: string, label: string): Choice[] => (isStanding ? [{ id, label }] : []);
  switch (of) {
    case 'staff':
      return { choices: [...viewer('me', me), nobody, ...staff.map(person)] };
    case 'team':
      return {
        choices: [...viewer('my_teams', myTeams), nobody, ...teams.map(({ id, name }) => ({ id, label: name }))],
      };
    case 'organization':
      return { choices: [nobody, ...organizations.map(({ id, name }) => ({ id, label: name }))] };
    case 'customer':
      return { choices: [...viewer('me', me), ...(customers?.items ?? []).map(person)], onQuery: setQuery };
    case 'user': {
      const wanted = query.toLowerCase();
      const some = staff.filter(({ name, email }) => `${name} ${email}`.toLowerCase().includes(wanted));
      return { choices: [...some, ...(customers?.items ?? [])].map(person), onQuery: setQuery };
    }
  }
}

export type Purpose = 'mail' | 'notice' | 'listening' | 'escalation';

/** Whom an action can mean, beside addresses and variables. */
export function useRecipients(purpose: Purpose): Choice[] {
  const { part } = useText(ruleText);
  const { data: staff = [] } = useStaff();
  const { data: teams = [] } = useTeams();
  // Who makes the change is, where a person does it, me.
  const { isByHand = false } = useEditing();
  const parts = ['requester', 'assignee', 'team', 'team_lead', isByHand ? 'me' : 'actor'] as const;
  const more =
    purpose === 'escalation'
      ? (['next_role', 'team_manager'] as const)
      : purpose === 'listening'
        ? []
        : (['watchers'] as const);
  return [
    ...[...parts, ...more].map((id) => ({ id, label: part[id] })),
    ...teams.map(({ id, name }) => ({ id, label: name })),
    ...staff.map(person),
  ];
}
