import { useText } from '../../../text';
import { CheckField, SelectField, TextArea, TextField } from '../../../ui/field';
import { FormFrame } from '../../../ui/form';
import { Fields, Section } from '../../../ui/section';
import type { Form } from '../../../ui/use-form';
import { EVENT_TYPES, type WebhookForm } from './form';
import { Headers } from './headers';
import { Payload } from './payload';
import { Secret } from './secret';
import styles from './webhooks.module.css';
import { webhookText } from './text';

interface Props {
  form: Form<WebhookForm>;
  secretEndsAt: readonly string[];
}

/** All that can be set of a webhook. */
export function Editor({ form, secretEndsAt }: Props) {
  const words = useText(webhookText);
  const { draft, set, error } = form;
  const eventError = form.errorIn('event_types');
  return (
    <FormFrame
      form={form}
      names={{
        name: words.name,
        url: words.url,
        is_active: words.active,
        event_types: words.eventTypes,
        include_internal: words.internal,
        filter: words.filter,
        payload: words.payloadLabel,
        payload_template: words.template,
        secret_key: words.secret,
        headers: words.headers,
        retry_schedule: words.schedule,
        retry_count: words.retries,
        timeout_ms: words.timeout,
      }}
    >
      <Section>
        <Fields>
          <TextField
            label={words.name}
            required
            maxLength={100}
            autoFocus={form.isNew}
            value={draft.name}
            error={error('name')}
            onChange={(event) => set({ name: event.target.value })}
          />
          <TextField
            label={words.url}
            hint={words.urlHint}
            type="url"
            dir="ltr"
            inputMode="url"
            required
            value={draft.url}
            error={error('url')}
            onChange={(event) => set({ url: event.target.value })}
          />
          <CheckField
            label={words.active}
            checked={draft.is_active}
            onChange={(event) => set({ is_active: event.target.checked })}
          />
        </Fields>
      </Section>

      <fieldset className={styles.set}>
        <legend>{words.eventTypes}</legend>
        <div className={styles.events}>
          {EVENT_TYPES.map((type) => (
            <CheckField
              key={type}
              label={words.event[type]}
              title={type}
              checked={draft.event_types.includes(type)}
              onChange={(event) => {
                const chosen = event.target.checked;
                set({
                  event_types: EVENT_TYPES.filter((one) => (one === type ? chosen : draft.event_types.includes(one))),
                });
              }}
            />
          ))}
        </div>
        {eventError !== undefined && <p className={styles.error}>{eventError}</p>}
        <div className={styles.below}>
          <CheckField
            label={words.internal}
            hint={words.internalHint}
            checked={draft.include_internal}
            onChange={(event) => set({ include_internal: event.target.checked })}
          />
          <TextArea
            label={words.filter}
            hint={<span dir="auto">{words.filterHint}</span>}
            rows={draft.filter === '' ? 2 : 6}
            dir="ltr"
            spellCheck={false}
            style={{ fontFamily: 'var(--mono)' }}
            value={draft.filter}
            error={form.errorIn('filter')}
            onChange={(event) => set({ filter: event.target.value })}
          />
        </div>
      </fieldset>

      <Payload form={form} />

      <Section title={words.security}>
        <Secret form={form} secretEndsAt={secretEndsAt} />
        <Headers form={form} />
      </Section>

      <Section title={words.patience}>
        <Fields>
          <SelectField
            label={words.schedule}
            value={draft.retry_schedule}
            error={error('retry_schedule')}
            onChange={(event) =>
              set(
                event.target.value === 'durable'
                  ? { retry_schedule: 'durable', retry_count: '7' }
                  : { retry_schedule: 'default', retry_count: '3' },
              )
            }
          >
            <option value="default">{words.schedules.default}</option>
            <option value="durable">{words.schedules.durable}</option>
          </SelectField>
          <TextField
            label={words.retries}
            type="number"
            min={0}
            max={10}
            value={draft.retry_count}
            error={error('retry_count')}
            onChange={(event) => set({ retry_count: event.target.value })}
          />
          <TextField
            label={words.timeout}
            type="number"
            min={100}
            max={30_000}
            step={100}
            value={draft.timeout_ms}
            error={error('timeout_ms')}
            onChange={(event) => set({ timeout_ms: event.target.value })}
          />
        </Fields>
      </Section>
    </FormFrame>
  );
}
