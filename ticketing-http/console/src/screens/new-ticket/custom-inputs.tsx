/** The desk's own fields, each with the control of its type. */
import { useId } from 'react';
import type { CustomField } from '../../api/custom-fields';
import { useText } from '../../text';
import { CheckField, SelectField, TextArea, TextField } from '../../ui/field';
import type { FieldErrors } from '../../ui/field-text';
import { shownValue, type Draft, type FieldInput } from './draft';
import styles from './new-ticket.module.css';
import { newTicketText } from './text';

interface Props {
  fields: readonly CustomField[];
  given: Draft['fields'];
  errors: FieldErrors;
  onChange: (key: string, value: FieldInput) => void;
}

export function CustomInputs({ fields, given, errors, onChange }: Props) {
  return fields.map((field) => (
    <CustomInput
      key={field.key}
      field={field}
      value={shownValue(field, given)}
      error={errors[`custom_fields.${field.key}`]}
      onChange={(value) => onChange(field.key, value)}
    />
  ));
}

interface InputProps {
  field: CustomField;
  value: FieldInput;
  error: string | undefined;
  onChange: (value: FieldInput) => void;
}

function CustomInput({ field, value, error, onChange }: InputProps) {
  const words = useText(newTicketText);
  const label =
    field.is_required || field.field_type === 'checkbox' ? field.label : `${field.label} (${words.optional})`;
  const about = { label, error, 'aria-required': field.is_required || undefined };
  const text = typeof value === 'string' ? value : '';
  switch (field.field_type) {
    case 'checkbox':
      return (
        <CheckField
          label={field.label}
          checked={value === true}
          onChange={(event) => onChange(event.target.checked)}
          hint={error}
        />
      );
    case 'select':
      return (
        <SelectField {...about} value={text} onChange={(event) => onChange(event.target.value)}>
          <option value="">{words.choose}</option>
          {field.options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </SelectField>
      );
    case 'multiselect':
      return <Several label={label} options={field.options} value={value} error={error} onChange={onChange} />;
    case 'textarea':
      return (
        <TextArea
          {...about}
          value={text}
          maxLength={field.max_length ?? 10_000}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    default:
      return (
        <TextField
          {...about}
          type={field.field_type}
          {...limitsOf(field)}
          step={field.field_type === 'number' ? 'any' : undefined}
          maxLength={field.field_type === 'text' ? (field.max_length ?? 1_000) : undefined}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}

/** The least and the greatest that a number or a day may be. */
function limitsOf({ min, max }: CustomField): { min?: string | number; max?: string | number } {
  const limit = (value: CustomField['min']) =>
    typeof value === 'string' || typeof value === 'number' ? value : undefined;
  const [least, greatest] = [limit(min), limit(max)];
  return { ...(least === undefined ? {} : { min: least }), ...(greatest === undefined ? {} : { max: greatest }) };
}

function Several({
  label,
  options,
  value,
  error,
  onChange,
}: {
  label: string;
  options: readonly string[];
  value: FieldInput;
  error: string | undefined;
  onChange: (value: FieldInput) => void;
}) {
  const id = useId();
  const chosen = typeof value === 'object' ? value : [];
  return (
    <fieldset
      className={styles.several}
      aria-describedby={error === undefined ? undefined : id}
      aria-invalid={error === undefined ? undefined : true}
      tabIndex={-1}
    >
      <legend>{label}</legend>
      {options.map((option) => (
        <CheckField
          key={option}
          label={option}
          checked={chosen.includes(option)}
          onChange={(event) =>
            onChange(options.filter((one) => (one === option ? event.target.checked : chosen.includes(one))))
          }
        />
      ))}
      {error !== undefined && (
        <p id={id} className={styles.error}>
          {error}
        </p>
      )}
    </fieldset>
  );
}
