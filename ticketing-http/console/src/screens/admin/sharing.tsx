/** With whom something is shared that staff make for themselves, a team or everybody, and who may change it. */
import { useQueries } from '@tanstack/react-query';
import { useDirectory } from '../../api/directory';
import { api, ok } from '../../api/client';
import { useMe } from '../../api/session';
import type { Schemas, Team } from '../../api/types';
import { defineText, useText } from '../../text';
import { SelectField } from '../../ui/field';

type Visibility = Schemas['Visibility'];

export const sharingText = defineText(
  {
    visibility: 'Who has it',
    private: 'Only me',
    team: 'A team',
    all: 'All staff',
    whichTeam: 'Team',
    chooseTeam: 'Choose a team',
    anybody: 'Anybody',
    mayNot: 'You can use it, but not change it.',
  },
  {
    visibility: 'Wer es hat',
    private: 'Nur ich',
    team: 'Ein Team',
    all: 'Alle Mitarbeitenden',
    whichTeam: 'Team',
    chooseTeam: 'Team wählen',
    anybody: 'Beliebig',
    mayNot: 'Sie können es verwenden, aber nicht ändern.',
  },
);

export const VISIBILITIES = ['private', 'team', 'all'] as const satisfies Visibility[];

interface Shared {
  visibility: Visibility;
  team_id: string | null;
}

export interface Rights {
  /** Those with which one may share something. */
  teams: readonly Team[];
  mayShareWithAll: boolean;
  mayChange: (thing: Shared) => boolean;
}

/** Managers share with every team; an agent with those that they lead. Nothing until that is known. */
export function useRights(): Rights | undefined {
  const me = useMe();
  const { teams: all, isLoading } = useDirectory();
  const mayShareWithAll = me.role !== 'agent';
  const active = [...all.values()].filter((team) => team.is_active);
  const members = useQueries({
    queries: (mayShareWithAll ? [] : active).map(({ id }) => ({
      queryKey: ['team-members', id, 'leading'],
      staleTime: 10 * 60_000,
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        ok(api.GET('/api/teams/{id}/members', { params: { path: { id }, query: { limit: 100 } }, signal })),
    })),
  });
  if (isLoading || members.some((one) => one.isPending)) return undefined;
  const teams = active.filter(
    (_team, at) =>
      mayShareWithAll ||
      members[at]?.data?.items.some((one) => one.user_id === me.id && one.role !== 'member') === true,
  );
  return {
    teams,
    mayShareWithAll,
    mayChange: ({ visibility, team_id: team }) =>
      visibility === 'private' || mayShareWithAll || (visibility === 'team' && teams.some((one) => one.id === team)),
  };
}

interface Draft {
  visibility: Visibility;
  /** Empty where it is no team's. */
  team_id: string;
}

interface FieldsProps {
  draft: Draft;
  set: (part: Partial<Draft>) => void;
  error: (field: string) => string | undefined;
  rights: Rights;
}

export function SharingFields({ draft, set, error, rights }: FieldsProps) {
  const words = useText(sharingText);
  const { teams, mayShareWithAll } = rights;
  const offered = VISIBILITIES.filter(
    (one) => one === draft.visibility || one === 'private' || mayShareWithAll || (one === 'team' && teams.length > 0),
  );
  return (
    <>
      <SelectField
        label={words.visibility}
        value={draft.visibility}
        error={error('visibility')}
        onChange={({ target }) => {
          const visibility = VISIBILITIES.find((one) => one === target.value) ?? 'private';
          set({ visibility, ...(visibility === 'team' ? {} : { team_id: '' }) });
        }}
      >
        {offered.map((one) => (
          <option key={one} value={one}>
            {words[one]}
          </option>
        ))}
      </SelectField>
      {draft.visibility === 'team' && (
        <SelectField
          label={words.whichTeam}
          value={draft.team_id}
          error={error('team_id')}
          onChange={(event) => set({ team_id: event.target.value })}
        >
          <option value="">{words.chooseTeam}</option>
          {teams.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
      )}
    </>
  );
}

/** With whom it is shared, in words. */
export function SharedWith({ thing }: { thing: Shared }) {
  const words = useText(sharingText);
  const { teams } = useDirectory();
  if (thing.visibility !== 'team') return words[thing.visibility];
  return <span dir="auto">{teams.get(thing.team_id ?? '')?.name ?? words.team}</span>;
}
