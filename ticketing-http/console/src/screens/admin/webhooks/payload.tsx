import { useText } from '../../../text';
import { SelectField, TextArea } from '../../../ui/field';
import type { Draft } from '../draft';
import { InsertList, useLastField, type Insertable } from '../insert-list';
import panels from '../panels.module.css';
import { PAYLOADS, type WebhookForm } from './form';
import { webhookText } from './text';
import styles from './webhooks.module.css';

/** What most templates ask for; docs/WEBHOOKS.md has all of them. */
const VALUES: readonly Insertable[] = [
  'event',
  'timestamp',
  'ticket_number',
  'subject',
  'description',
  'status',
  'priority',
  'category',
  'customer_name',
  'customer_email',
  'agent_name',
  'team_name',
  'ticket_url',
  'actor.name',
  'actor.role',
  'comment.body',
  'comment.author.name',
  'escalation.level',
  'escalation.reason',
  'sla.metric',
  'sla.due_at',
  'json ticket.tags',
].map((path) => ({ path }));

const LIST: Insertable = { path: 'changes', isList: true };

export function Payload({ draft }: { draft: Draft<WebhookForm> }) {
  const words = useText(webhookText);
  const { value, set, error } = draft;
  const cursor = useLastField();
  return (
    <section className={panels.panel}>
      <h3 className={panels.heading}>{words.payloadLabel}</h3>
      <div className={styles.stack}>
        <SelectField
          label={words.payloadLabel}
          isLabelHidden
          className={styles.short}
          hint={words.payloadHint[value.payload]}
          value={value.payload}
          error={error('payload')}
          onChange={(event) => {
            const payload = PAYLOADS.find((one) => one === event.target.value);
            if (payload !== undefined) set({ payload });
          }}
        >
          {PAYLOADS.map((payload) => (
            <option key={payload} value={payload}>
              {words.payload[payload]}
            </option>
          ))}
        </SelectField>
        {value.payload === 'template' && (
          <div className={styles.template}>
            <TextArea
              label={words.template}
              rows={14}
              dir="ltr"
              spellCheck={false}
              style={{ fontFamily: 'var(--mono)' }}
              placeholder={'{"text": "{{ticket_number}}: {{subject}}"}'}
              value={value.payload_template}
              error={error('payload_template')}
              onFocus={cursor.onFocus}
              onChange={(event) => set({ payload_template: event.target.value })}
            />
            <div>
              <p className={styles.label}>{words.insert}</p>
              <InsertList values={[...VALUES, LIST]} onInsert={cursor.insert} />
            </div>
          </div>
        )}
      </div>
    </section>
  );
}
