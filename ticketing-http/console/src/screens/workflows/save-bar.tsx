import { AlertTriangle } from 'lucide-react';
import { shown } from '../../keys/commands';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { TextField } from '../../ui/field';
import { useEditing } from './context';
import styles from './rule.module.css';
import { pageText } from './text-rule';

interface Props {
  isNew: boolean;
  isBusy: boolean;
  canDiscard: boolean;
  mistakes: number;
  warnings: number;
  onSave: () => void;
  onDiscard: () => void;
}

/** Stays in sight while there is something to save. */
export function SaveBar({ isNew, isBusy, canDiscard, mistakes, warnings, onSave, onDiscard }: Props) {
  const words = useText(pageText);
  const { draft, step } = useEditing();
  return (
    <div className={styles.bar}>
      <p className={styles.counts} role="status">
        {mistakes > 0 ? (
          <span className={styles.bad}>
            <AlertTriangle size={15} />
            {words.mistakes(mistakes)}
          </span>
        ) : (
          warnings > 0 && (
            <span className={styles.warn}>
              <AlertTriangle size={15} />
              {words.warnings(warnings)}
            </span>
          )
        )}
      </p>
      {!isNew && (
        <TextField
          label={words.note}
          isLabelHidden
          className={styles.note}
          placeholder={words.note}
          maxLength={1000}
          value={draft.note}
          onChange={(event) => step({ do: 'set', what: { note: event.target.value } })}
        />
      )}
      {canDiscard && (
        <Button onClick={onDiscard} kind="quiet">
          {words.discard}
        </Button>
      )}
      <Button kind="primary" busy={isBusy} onClick={onSave} title={shown('Mod+s').join(' ')}>
        {isNew ? words.create : words.save}
      </Button>
    </div>
  );
}
