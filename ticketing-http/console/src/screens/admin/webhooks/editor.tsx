import { useText } from '../../../text';
import { CheckField, SelectField, TextArea, TextField } from '../../../ui/field';
import type { Draft } from '../draft';
import panels from '../panels.module.css';
import { SaveBar } from '../save-bar';
import { EVENT_TYPES, type WebhookForm } from './form';
import { Headers } from './headers';
import { Payload } from './payload';
import { Secret } from './secret';
import styles from './webhooks.module.css';
import { webhookText } from './text';

interface Props {
  draft: Draft<WebhookForm>;
  isNew: boolean;
  secretEndsAt: readonly string[];
}

/** All that can be set of a webhook. */
export function Editor({ draft, isNew, secretEndsAt }: Props) {
  const words = useText(webhookText);
  const { value, set, error } = draft;
  const eventError = error('event_types');
  return (
    <form
      className={panels.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        draft.submit();
      }}
    >
      <section className={panels.panel}>
        <div className={panels.fields}>
          <TextField
            label={words.name}
            required
            maxLength={100}
            autoFocus={isNew}
            value={value.name}
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
            value={value.url}
            error={error('url')}
            onChange={(event) => set({ url: event.target.value })}
          />
          <CheckField
            label={words.active}
            checked={value.is_active}
            onChange={(event) => set({ is_active: event.target.checked })}
          />
        </div>
      </section>

      <fieldset className={styles.set}>
        <legend className={panels.heading}>{words.eventTypes}</legend>
        <div className={styles.events}>
          {EVENT_TYPES.map((type) => (
            <CheckField
              key={type}
              label={words.event[type]}
              title={type}
              checked={value.event_types.includes(type)}
              onChange={(event) => {
                const chosen = event.target.checked;
                set({
                  event_types: EVENT_TYPES.filter((one) => (one === type ? chosen : value.event_types.includes(one))),
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
            checked={value.include_internal}
            onChange={(event) => set({ include_internal: event.target.checked })}
          />
          <TextArea
            label={words.filter}
            hint={<span dir="auto">{words.filterHint}</span>}
            rows={value.filter === '' ? 2 : 6}
            dir="ltr"
            spellCheck={false}
            style={{ fontFamily: 'var(--mono)' }}
            value={value.filter}
            error={error('filter')}
            onChange={(event) => set({ filter: event.target.value })}
          />
        </div>
      </fieldset>

      <Payload draft={draft} />

      <section className={panels.panel}>
        <h3 className={panels.heading}>{words.security}</h3>
        <Secret draft={draft} secretEndsAt={secretEndsAt} />
        <Headers draft={draft} />
      </section>

      <section className={panels.panel}>
        <h3 className={panels.heading}>{words.patience}</h3>
        <div className={panels.fields}>
          <SelectField
            label={words.schedule}
            value={value.retry_schedule}
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
            value={value.retry_count}
            error={error('retry_count')}
            onChange={(event) => set({ retry_count: event.target.value })}
          />
          <TextField
            label={words.timeout}
            type="number"
            min={100}
            max={30_000}
            step={100}
            value={value.timeout_ms}
            error={error('timeout_ms')}
            onChange={(event) => set({ timeout_ms: event.target.value })}
          />
        </div>
      </section>

      <SaveBar draft={draft} {...(isNew ? { createLabel: words.create } : {})} />
    </form>
  );
}
