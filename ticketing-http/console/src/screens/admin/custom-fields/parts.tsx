/** Parts of the form of a field. */
import { useText } from '../../../text';
import { CheckField, SelectField, TextArea, TextField } from '../../../ui/field';
import { Fields, Section, Stack } from '../../../ui/section';
import type { Form } from '../../../ui/use-form';
import { useTeams } from '../data';
import { linesOf } from '../lines';
import { hasRange, type CustomField, type Draft, type FieldType } from './draft';
import styles from './field.module.css';
import { fieldText } from './text';

export function Renames({
  stored,
  renames,
  error,
  onChange,
}: {
  stored: CustomField;
  renames: Draft['renamed_options'];
  error: string | undefined;
  onChange: (renames: Draft['renamed_options']) => void;
}) {
  const words = useText(fieldText);
  const former = (option: string) =>
    Object.entries(stored.former_options).flatMap(([name, now]) => (now === option ? [name] : []));
  return (
    <details open={error !== undefined || undefined}>
      <summary>{words.rename}</summary>
      <Stack>
        <p className={styles.hint}>{words.renameHint}</p>
        {error !== undefined && (
          <p role="alert" className={styles.error}>
            {error}
          </p>
        )}
        <Fields>
          {stored.options.map((option) => {
            const names = former(option);
            return (
              <TextField
                key={option}
                label={words.newName(option)}
                placeholder={option}
                maxLength={100}
                value={renames[option] ?? ''}
                hint={names.length === 0 ? undefined : words.former(names.join(', '))}
                onChange={(event) => onChange({ ...renames, [option]: event.target.value })}
              />
            );
          })}
        </Fields>
      </Stack>
    </details>
  );
}

interface PartProps {
  form: Pick<Form<Draft>, 'draft' | 'set' | 'error' | 'errorIn'>;
}

/** Which tickets it is asked of. */
export function Asked({ form: { draft, set, errorIn } }: PartProps) {
  const { when } = draft;
  const words = useText(fieldText);
  const { data: teams = [] } = useTeams();
  const categories = linesOf(when.categories, '\n');
  // One that was put away is shown where it is asked for still.
  const offered = teams.filter((team) => team.is_active || when.team_ids.includes(team.id));
  return (
    <Section title={words.form} about={words.formHint}>
      <TextArea
        label={words.categories}
        hint={words.categoriesHint}
        rows={Math.min(8, Math.max(2, categories.length + 1))}
        value={when.categories}
        error={errorIn('when.categories', categories)}
        onChange={(event) => set({ when: { ...when, categories: event.target.value } })}
      />
      {offered.length > 0 && (
        <fieldset className={styles.teams}>
          <legend>{words.teams}</legend>
          {offered.map((team) => (
            <CheckField
              key={team.id}
              label={team.name}
              checked={when.team_ids.includes(team.id)}
              onChange={(event) =>
                set({
                  when: {
                    ...when,
                    team_ids: event.target.checked
                      ? [...when.team_ids, team.id]
                      : when.team_ids.filter((id) => id !== team.id),
                  },
                })
              }
            />
          ))}
        </fieldset>
      )}
    </Section>
  );
}

/** What its values are held to beside the type. */
export function Limits({ form: { draft, set, error } }: PartProps) {
  const words = useText(fieldText);
  const isDay = draft.field_type === 'date';
  return (
    <Section title={words.limits} about={words.limitsHint}>
      <Fields>
        {hasRange(draft.field_type) ? (
          (['min', 'max'] as const).map((limit) => (
            <TextField
              key={limit}
              label={isDay ? words[limit === 'min' ? 'first' : 'last'] : words[limit]}
              type={isDay ? 'date' : 'text'}
              inputMode="decimal"
              value={draft[limit]}
              error={error(limit)}
              onChange={(event) => set({ [limit]: event.target.value })}
            />
          ))
        ) : (
          <>
            <TextField
              label={words.maxLength}
              inputMode="numeric"
              value={draft.max_length}
              error={error('max_length')}
              onChange={(event) => set({ max_length: event.target.value })}
            />
            <TextField
              label={words.pattern}
              hint={words.patternHint}
              dir="ltr"
              spellCheck={false}
              maxLength={500}
              value={draft.pattern}
              error={error('pattern')}
              onChange={(event) => set({ pattern: event.target.value })}
            />
          </>
        )}
      </Fields>
    </Section>
  );
}

export function DefaultField({
  type,
  options,
  value,
  error,
  onChange,
}: {
  type: FieldType;
  options: readonly string[];
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}) {
  const words = useText(fieldText);
  const about = { label: words.default, hint: words.defaultHint, error };
  if (type === 'select' || type === 'checkbox') {
    const choices = type === 'select' ? options : ['true', 'false'];
    const name = (choice: string) => (type === 'select' ? choice : choice === 'true' ? words.yes : words.no);
    return (
      <SelectField {...about} value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{words.noDefault}</option>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {name(choice)}
          </option>
        ))}
      </SelectField>
    );
  }
  if (type === 'textarea') {
    return <TextArea {...about} value={value} onChange={(event) => onChange(event.target.value)} />;
  }
  return (
    <TextField
      {...about}
      hint={type === 'multiselect' ? words.defaultsHint : words.defaultHint}
      type={type === 'date' ? 'date' : 'text'}
      inputMode={type === 'number' ? 'decimal' : 'text'}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
