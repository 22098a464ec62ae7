/** What a macro would do to a ticket: which fields become what, what is said, and what stands in its way. */
import { useQuery } from '@tanstack/react-query';
import { ArrowRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { api, ok } from '../../../api/client';
import type { Ticket } from '../../../api/types';
import { useText } from '../../../text';
import { conditionText } from '../../../ui/condition-text';
import { Markdown } from '../../../ui/markdown';
import { useSpeech } from '../../workflows/data';
import { actionWords } from '../../workflows/model/describe';
import type { FieldName } from '../changes/three-way';
import { Value, useFieldName } from '../changes/value';
import { othersIn, refusedIn, type Fault, type Preview } from './macro';
import styles from './macro.module.css';
import { macroText } from './macro-text';

/** Of the ticket as it is now: what it would do is asked anew where that changes. */
export function usePreview(ticket: Pick<Ticket, 'id' | 'version'> | undefined, macro: string | undefined) {
  return useQuery({
    queryKey: ['macro-preview', macro, ticket?.id, ticket?.version],
    queryFn: ({ signal }) =>
      ok(
        api.POST('/api/tickets/{ticket}/macros/{id}/preview', {
          params: { path: { ticket: ticket?.id ?? '', id: macro ?? '' } },
          signal,
        }),
      ),
    enabled: ticket !== undefined && macro !== undefined,
    staleTime: 0,
    gcTime: 0,
  });
}

const NO_RULES: never[] = [];

export function MacroPreview({ preview }: { preview: Preview }) {
  const words = useText(macroText);
  const others = useText(conditionText).field as Partial<Record<string, string>>;
  const nameOf = useFieldName();
  const speech = useSpeech(NO_RULES);
  const changes = Object.entries(preview.changes);
  const also = othersIn(preview).map((at) => preview.actions[at]);
  const refused = refusedIn(preview);
  const isNothing = changes.length + preview.comments.length + also.length + refused.length === 0;
  const name = (field: string) => {
    const own = nameOf(field as FieldName);
    return own === field ? (others[field] ?? field) : own;
  };
  return (
    <div className={styles.preview}>
      {isNothing && <p>{words.nothing}</p>}
      {changes.length > 0 && (
        <Part title={words.changes}>
          <dl className={styles.changes}>
            {changes.map(([field, [before, after]]) => (
              <div key={field} className={styles.change}>
                <dt>{name(field)}</dt>
                <dd>
                  <span className={styles.old}>
                    <span className="visually-hidden">{words.was}: </span>
                    <Value field={field as FieldName} value={before} />
                  </span>
                  <ArrowRight size={14} aria-hidden />
                  <span>
                    <span className="visually-hidden">{words.becomes}: </span>
                    <Value field={field as FieldName} value={after} />
                  </span>
                </dd>
              </div>
            ))}
          </dl>
        </Part>
      )}
      {preview.comments.map((comment, at) => (
        <Part key={at} title={comment.is_internal ? words.note : words.reply}>
          <div className={styles.said} data-note={comment.is_internal || undefined}>
            <Markdown>{comment.body}</Markdown>
          </div>
        </Part>
      ))}
      {also.length > 0 && (
        <Part title={words.also}>
          <ul>
            {also.map((step, at) => (
              <li key={at} dir="auto">
                {step !== undefined && actionWords(step as Parameters<typeof actionWords>[0], speech)}
              </li>
            ))}
          </ul>
        </Part>
      )}
      {preview.missing.length > 0 && <p className={styles.missing}>{words.missing(preview.missing.join(', '))}</p>}
      {refused.length > 0 && <Faults title={words.refused} faults={refused} steps={preview.actions} />}
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3 className={styles.title}>{title}</h3>
      {children}
    </section>
  );
}

/** Why it was not done, by what it does. */
export function Faults({
  title,
  faults,
  steps,
}: {
  title: string;
  faults: readonly Fault[];
  steps: readonly { type: string; params?: object }[];
}) {
  const words = useText(macroText);
  const speech = useSpeech(NO_RULES);
  return (
    <div className={styles.faults} role="alert">
      <p>{title}</p>
      <ul>
        {faults.map(({ step, why }) => {
          const action = step === undefined ? undefined : steps[step];
          return (
            <li key={`${step ?? ''} ${why}`} dir="auto">
              {action !== undefined && step !== undefined && (
                <strong>
                  {words.step(step + 1, actionWords(action as Parameters<typeof actionWords>[0], speech))}:{' '}
                </strong>
              )}
              {why}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
