/** With whom something is shared that staff make for themselves, a team or everybody, and who may change it. */
import { useDirectory } from '../../api/directory';
import type { Schemas } from '../../api/types';
import { defineText, useText } from '../../text';
import { SelectField } from '../../ui/field';
import type { Rights } from '../../ui/sharing-rights';

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
  const { teams, mayAll } = rights;
  const offered = VISIBILITIES.filter(
    (one) => one === draft.visibility || one === 'private' || mayAll || (one === 'team' && teams.length > 0),
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
