/** Who sees a view, as far as one may choose. */
import { useText } from '../../text';
import { SelectField } from '../../ui/field';
import type { SavedView } from '../queue/views';
import type { Rights } from '../../ui/sharing-rights';
import { viewText } from './text';

export type Shared = Pick<SavedView, 'visibility' | 'team_id'>;

interface Props {
  shared: Shared;
  rights: Rights;
  /** It stays as it is. */
  isFixed?: boolean;
  errors: Record<keyof Shared, string | undefined>;
  onChange: (shared: Shared) => void;
}

export function Who({ shared, rights, isFixed = false, errors, onChange }: Props) {
  const words = useText(viewText);
  const { visibility, team_id } = shared;
  const offered = (['private', 'team', 'all'] as const).filter(
    (one) => one === visibility || one === 'private' || (one === 'team' ? rights.teams.length > 0 : rights.mayAll),
  );
  // The view's own team, also where one may choose none.
  const isKnown = team_id === null || rights.teams.some(({ id }) => id === team_id);
  return (
    <>
      <SelectField
        label={words.who}
        value={visibility}
        disabled={isFixed}
        hint={isFixed && visibility === 'all' ? words.allHint : undefined}
        error={errors.visibility}
        onChange={({ target }) => {
          const next = offered.find((one) => one === target.value) ?? 'private';
          const [only, ...others] = rights.teams;
          onChange({
            visibility: next,
            team_id: next === 'team' ? (team_id ?? (others.length === 0 ? (only?.id ?? null) : null)) : null,
          });
        }}
      >
        {offered.map((one) => (
          <option key={one} value={one}>
            {words.visibility[one]}
          </option>
        ))}
      </SelectField>
      {visibility === 'team' && (
        <SelectField
          label={words.team}
          value={team_id ?? ''}
          disabled={isFixed}
          error={errors.team_id}
          onChange={({ target }) => onChange({ visibility, team_id: target.value === '' ? null : target.value })}
        >
          {team_id === null && <option value="">{words.chooseTeam}</option>}
          {!isKnown && <option value={team_id}>{words.noTeam(undefined)}</option>}
          {rights.teams.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
      )}
    </>
  );
}
