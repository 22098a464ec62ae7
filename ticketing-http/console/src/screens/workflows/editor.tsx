/** The form of a rule: when, if, then. */
import { AlertTriangle } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../../text';
import { CheckField, SelectField, TextArea, TextField } from '../../ui/field';
import { Actions } from './actions';
import styles from './builder.module.css';
import { Conditions } from './conditions';
import { useEditing, useErrorAt } from './context';
import { TRIGGERS } from './model/catalog';
import { Schedule } from './schedule';
import { buildText } from './text-build';
import page from './rule.module.css';
import { placeOfWarning } from './trial';

export interface Warning {
  code: string;
  message: string;
}

export function Editor({ warnings }: { warnings: readonly Warning[] }) {
  const words = useText(buildText);
  const { draft, step, speech } = useEditing();
  const errors = {
    name: useErrorAt('name'),
    description: useErrorAt('description'),
    trigger: useErrorAt('trigger_type'),
    mode: useErrorAt('mode'),
  };
  const names = speech.rule.trigger as Record<string, string>;
  return (
    <div className={page.cards}>
      <Card title={words.basics}>
        <TextField
          label={words.name}
          required
          maxLength={200}
          value={draft.name}
          onChange={(event) => step({ do: 'set', what: { name: event.target.value } })}
          error={errors.name}
        />
        <TextArea
          label={words.description}
          rows={2}
          maxLength={4000}
          value={draft.description ?? ''}
          onChange={(event) => step({ do: 'set', what: { description: event.target.value || null } })}
          error={errors.description}
        />
      </Card>
      <Card title={words.when}>
        <div className={styles.pair}>
          <SelectField
            label={words.trigger}
            value={draft.trigger}
            onChange={(event) => step({ do: 'trigger', trigger: event.target.value })}
            error={errors.trigger}
          >
            {names[draft.trigger] === undefined && <option value={draft.trigger}>{draft.trigger}</option>}
            {TRIGGERS.map((one) => (
              <option key={one} value={one}>
                {speech.rule.trigger[one]}
              </option>
            ))}
          </SelectField>
          {draft.trigger === 'ticket_updated' && (
            <SelectField
              label={words.mode}
              value={draft.mode}
              onChange={(event) => step({ do: 'set', what: { mode: event.target.value } })}
              error={errors.mode}
            >
              {(['when_changed', 'always'] as const).map((one) => (
                <option key={one} value={one}>
                  {words.modes[one]}
                </option>
              ))}
            </SelectField>
          )}
        </div>
        {draft.trigger === 'time_based' && <Schedule />}
      </Card>
      <Card title={words.if} hint={words.ifHint}>
        <Warnings warnings={warnings.filter(({ code }) => placeOfWarning(code) === 'conditions')} />
        <Conditions />
      </Card>
      <Card title={words.then}>
        <Warnings warnings={warnings.filter(({ code }) => placeOfWarning(code) === 'actions')} />
        <Actions />
        <CheckField
          label={words.stop}
          hint={words.stopHint}
          checked={draft.stop}
          onChange={(event) => step({ do: 'set', what: { stop: event.target.checked } })}
        />
      </Card>
    </div>
  );
}

function Card({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <section className={styles.card} aria-label={title}>
      <div>
        <h2 className={styles.cardTitle}>{title}</h2>
        {hint !== undefined && <p className={styles.quiet}>{hint}</p>}
      </div>
      {children}
    </section>
  );
}

export function Warnings({ warnings }: { warnings: readonly Warning[] }) {
  return (
    <div role="status" className={warnings.length === 0 ? 'visually-hidden' : page.warnings}>
      {warnings.map((warning) => (
        <p key={warning.code + warning.message}>
          <AlertTriangle size={15} />
          <span dir="auto">{warning.message}</span>
        </p>
      ))}
    </div>
  );
}
