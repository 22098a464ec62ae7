/** Why a view can't be used any more, as far as this page can tell. */
import type { Schemas, Team } from '../../api/types';
import { useCustomFieldsOrNone } from '../../api/custom-fields';
import { useDirectory } from '../../api/directory';
import { useText } from '../../text';
import { conditionText, fieldName } from '../../ui/condition-text';
import { fold } from '../queue/fold';
import { nameNow } from '../queue/spelling';
import { customKey } from '../queue/view';
import type { SavedView } from '../queue/views';
import { viewText } from './text';

type CustomField = Pick<
  Schemas['CustomField'],
  'key' | 'label' | 'field_type' | 'options' | 'former_options' | 'is_active'
>;

/** What a condition names that is not there. */
export type Missing =
  | { what: 'field'; key: string; label: string | undefined }
  | { what: 'value'; field: string; value: string }
  | { what: 'team'; id: string; name: string | undefined };

interface Known {
  custom: readonly CustomField[];
  teams: ReadonlyMap<string, Pick<Team, 'name' | 'is_active'>>;
}

/** By whichever of its names. */
function hasOption(field: CustomField, text: string): boolean {
  const name = nameNow(field, text);
  return field.options.some((option) => fold(option) === name);
}

export function missingOf(
  { conditions, columns, visibility, team_id }: Pick<SavedView, 'conditions' | 'columns' | 'visibility' | 'team_id'>,
  { custom, teams }: Known,
): readonly Missing[] {
  const found = new Map<string, Missing>();
  const add = (one: Missing) => found.set(JSON.stringify(one), one);
  const askField = (key: string) => {
    const field = custom.find((one) => one.key === key);
    if (field?.is_active !== true) add({ what: 'field', key, label: field?.label });
    return field;
  };
  const visit = (told: unknown): void => {
    if (Array.isArray(told)) {
      told.forEach(visit);
      return;
    }
    if (typeof told !== 'object' || told === null) return;
    const { all, any, not, field, value } = told as Record<string, unknown>;
    [all, any, not].forEach(visit);
    if (typeof field !== 'string') return;
    const key = customKey(field);
    if (key !== undefined) {
      const known = askField(key);
      const isChoice = known?.field_type === 'select' || known?.field_type === 'multiselect';
      for (const one of [value].flat())
        if (isChoice && typeof one === 'string' && one !== '' && !hasOption(known, one))
          add({ what: 'value', field, value: one });
    }
    if (field.replace('ticket.', '') === 'team_id')
      for (const id of [value].flat())
        if (typeof id === 'string' && id !== 'my_teams' && teams.get(id)?.is_active !== true)
          add({ what: 'team', id, name: teams.get(id)?.name });
  };
  visit(conditions);
  for (const column of columns) {
    const key = customKey(column);
    if (key !== undefined) askField(key);
  }
  if (visibility === 'team' && team_id !== null && teams.get(team_id)?.is_active !== true)
    add({ what: 'team', id: team_id, name: teams.get(team_id)?.name });
  return [...found.values()];
}

/** The same in words; nothing until it is known what there is. */
export function useReasons(): (view: SavedView) => readonly string[] {
  const words = useText(viewText);
  const conditions = useText(conditionText);
  const { teams, isLoading } = useDirectory();
  const custom = useCustomFieldsOrNone();
  return (view) => {
    if (isLoading || custom === undefined) return [];
    const labels = new Map(custom.map(({ key, label }) => [key, label]));
    const told = missingOf(view, { custom, teams }).map((one) => {
      if (one.what === 'field') return words.noField(one.label ?? one.key);
      if (one.what === 'team') return words.noTeam(one.name);
      return words.noValue(fieldName(one.field, conditions, labels), one.value);
    });
    return told.length === 0 && view.is_broken ? [words.brokenSomehow] : told;
  };
}
