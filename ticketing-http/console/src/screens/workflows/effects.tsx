import { Check, Minus } from 'lucide-react';
import type { Schemas } from '../../api/types';
import { useText } from '../../text';
import { useEditing } from './context';
import { actionWords } from './model/describe';
import type { JsonObject } from './model/json';
import styles from './look.module.css';
import { tryText } from './text-rule';

/** What was done or would be, in words; what was not says why. */
export function Effects({ effects }: { effects: readonly Schemas['WorkflowEffect'][] }) {
  const words = useText(tryText);
  const { speech } = useEditing();
  if (effects.length === 0) return <p className={styles.quiet}>{words.noEffects}</p>;
  return (
    <ul className={styles.effects}>
      {effects.map((effect, at) => {
        const params = effect.params === undefined ? {} : { params: effect.params as JsonObject };
        return (
          <li key={at} data-done={effect.done}>
            {effect.done ? <Check size={14} /> : <Minus size={14} />}
            <span dir="auto">
              {actionWords({ type: effect.type, ...params }, speech)}
              {effect.reason !== undefined && (
                <span className={styles.reason}>
                  {effect.done ? `(${effect.reason})` : words.notDone(effect.reason)}
                </span>
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
