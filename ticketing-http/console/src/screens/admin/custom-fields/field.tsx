import { api, ifVersion, ok } from '../../../api/client';
import { useText } from '../../../text';
import { CheckField, SelectField, TextArea, TextField } from '../../../ui/field';
import { ConfirmButton } from '../../../ui/confirm';
import { AreaHead } from '../area-head';
import { FormFrame } from '../../../ui/form';
import { Fields, Section } from '../../../ui/section';
import { Chip } from '../../../ui/chip';
import { linesOf } from '../lines';
import { OneOrNew } from '../one';
import { useKept } from '../kept';
import { adminText } from '../text';
import { useForm } from '../../../ui/use-form';
import { readDefault, showDefault } from './default';
import { hasOptions, hasRange, isText, type CustomField, type Draft, type FieldType, type Required } from './draft';
import { Asked, DefaultField, Limits, Renames } from './parts';
import { fieldText } from './text';

const TYPES = [
  'text',
  'textarea',
  'number',
  'date',
  'select',
  'multiselect',
  'checkbox',
] as const satisfies FieldType[];

const WHEN = ['never', 'create', 'resolve'] as const satisfies Required[];

const load = (id: string, signal?: AbortSignal) =>
  ok(api.GET('/api/custom-fields/{id}', { params: { path: { id } }, ...(signal ? { signal } : {}) }));

export function FieldPage({ id }: { id: string }) {
  return (
    <OneOrNew area="custom-fields" id={id} queryKey={['custom-field', id]} load={(signal) => load(id, signal)}>
      {(stored) => <FieldForm stored={stored} />}
    </OneOrNew>
  );
}

function FieldForm({ stored }: { stored: CustomField | undefined }) {
  const words = useText(fieldText);
  const admin = useText(adminText);
  const kept = useKept<CustomField>({ area: 'custom-fields', noun: 'custom-field', nouns: 'custom-fields' });
  const form = useForm({
    stored,
    read: (field: CustomField | undefined): Draft => ({
      label: field?.label ?? '',
      key: field?.key ?? '',
      field_type: field?.field_type ?? 'text',
      options: field?.options.join('\n') ?? '',
      renamed_options: {},
      required: field?.required ?? 'never',
      visible_to_customer: field?.visible_to_customer ?? false,
      editable_by_customer: field?.editable_by_customer ?? true,
      when: { categories: field?.when.categories.join('\n') ?? '', team_ids: field?.when.team_ids ?? [] },
      min: showDefault(field?.min),
      max: showDefault(field?.max),
      max_length: field?.max_length == null ? '' : String(field.max_length),
      pattern: field?.pattern ?? '',
      position: field === undefined ? '' : String(field.position),
      default: showDefault(field?.default),
      is_active: field?.is_active ?? true,
    }),
    write: ({ renamed_options, when, max_length, min, max, ...draft }) => {
      const renamed = Object.fromEntries(
        Object.entries(renamed_options).flatMap(([old, next]) => {
          const name = next.trim();
          return name === '' || name === old ? [] : [[old, name]];
        }),
      );
      const type = draft.field_type;
      return {
        ...draft,
        label: draft.label.trim(),
        renamed_options: renamed,
        options: linesOf(draft.options, '\n').map((option) => renamed[option] ?? option),
        position: draft.position.trim() === '' ? undefined : Number(draft.position),
        default: readDefault(type, draft.default),
        when: { categories: linesOf(when.categories, '\n'), team_ids: [...when.team_ids] },
        ...(hasRange(type) ? { min: readDefault(type, min), max: readDefault(type, max) } : {}),
        ...(isText(type)
          ? {
              max_length: max_length.trim() === '' ? null : Number(max_length),
              pattern: draft.pattern === '' ? null : draft.pattern,
            }
          : { pattern: undefined }),
      };
    },
    create: ({ is_active: _active, renamed_options: _none, options, default: first, ...rest }, header) =>
      ok(
        api.POST('/api/custom-fields', {
          params: { header },
          body: {
            ...rest,
            ...(hasOptions(rest.field_type) ? { options } : {}),
            ...(first === null ? {} : { default: first }),
          },
        }),
      ),
    change: ({ key: _key, field_type: _type, ...body }, { id, version }) =>
      ok(
        api.PATCH('/api/custom-fields/{id}', {
          params: { path: { id }, header: ifVersion(version) },
          body,
        }),
      ),
    load: ({ id }) => load(id),
    ...kept.form,
  });
  const { draft, set, error } = form;
  const options = linesOf(draft.options, '\n');
  const remove = async (field: CustomField) => {
    await ok(
      api.DELETE('/api/custom-fields/{id}', {
        params: { path: { id: field.id }, header: ifVersion(field.version) },
      }),
    );
    await kept.gone({
      id: field.id,
      deleted: words.deleted,
      inactive: { load: () => load(field.id), said: words.madeInactive },
    });
  };
  return (
    <>
      <AreaHead
        area="custom-fields"
        title={stored?.label ?? words.newTitle}
        state={stored?.is_active === false && <Chip>{admin.inactive}</Chip>}
      >
        {stored?.is_active === true && (
          <ConfirmButton
            label={words.delete}
            title={words.deleteTitle(stored.label)}
            action={admin.delete}
            run={() => remove(stored)}
          >
            {words.deleteBody}
          </ConfirmButton>
        )}
      </AreaHead>
      <FormFrame
        form={form}
        names={{
          label: words.label,
          options: words.options,
          renamed_options: words.rename,
          required: words.required,
          visible_to_customer: words.visible,
          editable_by_customer: words.editableLabel,
          when: words.form,
          min: draft.field_type === 'date' ? words.first : words.min,
          max: draft.field_type === 'date' ? words.last : words.max,
          max_length: words.maxLength,
          pattern: words.pattern,
          position: words.position,
          default: words.default,
          is_active: words.isActive,
        }}
      >
        <Section title={words.details}>
          <Fields>
            <TextField
              label={words.label}
              value={draft.label}
              autoFocus={stored === undefined}
              hint={words.labelHint}
              error={error('label')}
              onChange={(event) => {
                const label = event.target.value;
                // A key that nobody chose goes with the label.
                const follows = stored === undefined && draft.key === keyOf(draft.label);
                set(follows ? { label, key: keyOf(label) } : { label });
              }}
            />
            <TextField
              label={words.key}
              value={draft.key}
              readOnly={stored !== undefined}
              spellCheck={false}
              dir="ltr"
              hint={stored === undefined ? words.keyHint : words.keyFixed}
              error={error('key')}
              onChange={(event) => set({ key: event.target.value })}
            />
            <SelectField
              label={words.type}
              value={draft.field_type}
              disabled={stored !== undefined}
              hint={stored === undefined ? undefined : words.keyFixed}
              error={error('field_type')}
              onChange={(event) =>
                set({ field_type: TYPES.find((type) => type === event.target.value) ?? 'text', default: '' })
              }
            >
              {TYPES.map((type) => (
                <option key={type} value={type}>
                  {words.types[type]}
                </option>
              ))}
            </SelectField>
            <TextField
              label={words.position}
              inputMode="numeric"
              value={draft.position}
              hint={words.positionHint}
              error={error('position')}
              onChange={(event) => set({ position: event.target.value })}
            />
          </Fields>
          {hasOptions(draft.field_type) && (
            <TextArea
              label={words.options}
              rows={Math.min(12, Math.max(4, options.length + 1))}
              value={draft.options}
              hint={words.optionsHint}
              error={form.errorIn('options', options)}
              onChange={(event) => set({ options: event.target.value })}
            />
          )}
          {stored !== undefined && stored.options.length > 0 && (
            <Renames
              stored={stored}
              renames={draft.renamed_options}
              error={form.errorIn('renamed_options', stored.options)}
              onChange={(renames) => set({ renamed_options: renames })}
            />
          )}
        </Section>
        <Section title={words.rules}>
          <DefaultField
            type={draft.field_type}
            options={options}
            value={draft.default}
            error={error('default')}
            onChange={(value) => set({ default: value })}
          />
          <SelectField
            label={words.requiredLabel}
            hint={words.requiredHint}
            value={draft.required}
            error={error('required')}
            onChange={(event) => set({ required: WHEN.find((when) => when === event.target.value) ?? 'never' })}
          >
            {WHEN.map((when) => (
              <option key={when} value={when}>
                {words.requiredWhen[when]}
              </option>
            ))}
          </SelectField>
          <CheckField
            label={words.visibleLabel}
            checked={draft.visible_to_customer}
            onChange={(event) => set({ visible_to_customer: event.target.checked })}
          />
          {draft.visible_to_customer && (
            <CheckField
              label={words.editableLabel}
              checked={draft.editable_by_customer}
              onChange={(event) => set({ editable_by_customer: event.target.checked })}
            />
          )}
          {stored !== undefined && (
            <CheckField
              label={words.isActive}
              hint={words.isActiveHint}
              checked={draft.is_active}
              onChange={(event) => set({ is_active: event.target.checked })}
            />
          )}
        </Section>
        <Asked form={form} />
        {(hasRange(draft.field_type) || isText(draft.field_type)) && <Limits form={form} />}
      </FormFrame>
    </>
  );
}

/** A key for a label: `Serial number` is `serial_number`. */
function keyOf(label: string): string {
  const plain = label.toLowerCase().replaceAll('ß', 'ss').normalize('NFD').replaceAll(/\p{M}/gu, '');
  const words = plain.replaceAll(/[^a-z0-9]+/g, '_').replace(/^[_0-9]+/, '');
  return words.slice(0, 40).replace(/_+$/, '');
}
