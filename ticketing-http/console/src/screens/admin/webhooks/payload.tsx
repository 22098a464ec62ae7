import { useText } from '../../../text';
import { SelectField, TextArea } from '../../../ui/field';
import { Section } from '../../../ui/section';
import type { Form } from '../../../ui/use-form';
import { InsertList, useLastField, type Insertable } from '../insert-list';
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

export function Payload({ form }: { form: Form<WebhookForm> }) {
  const words = useText(webhookText);
  const { draft, set, error } = form;
  const cursor = useLastField();
  return (
    <Section title={words.payloadLabel}>
      <div className={styles.stack}>
        <SelectField
          label={words.payloadLabel}
          isLabelHidden
          className={styles.short}
          hint={words.payloadHint[draft.payload]}
          value={draft.payload}
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
        {draft.payload === 'template' && (
          <div className={styles.template}>
            <TextArea
              label={words.template}
              rows={14}
              dir="ltr"
              spellCheck={false}
              style={{ fontFamily: 'var(--mono)' }}
              placeholder={'{"text": "{{ticket_number}}: {{subject}}"}'}
              value={draft.payload_template}
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
    </Section>
  );
}
