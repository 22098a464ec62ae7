/** Below a form: saves it, says what stands against that, and asks before what was written gets lost. */
import { useBlocker } from '@tanstack/react-router';
import { defineText, useText } from '../../text';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import type { Draft } from './draft';
import styles from './save-bar.module.css';

const text = defineText(
  {
    save: 'Save',
    discard: 'Discard',
    dirty: 'Not saved yet',
    stale: 'Somebody else has changed this in the meantime. What you wrote is still here.',
    theirs: 'Take theirs',
    mine: 'Save mine over it',
    leave: 'Leave without saving?',
    lost: 'What you changed here is not saved and would be lost.',
    stay: 'Stay',
    go: 'Leave',
  },
  {
    save: 'Speichern',
    discard: 'Verwerfen',
    dirty: 'Noch nicht gespeichert',
    stale: 'Jemand anderes hat dies inzwischen geändert. Was Sie geschrieben haben, ist noch da.',
    theirs: 'Andere Fassung übernehmen',
    mine: 'Mit meiner überschreiben',
    leave: 'Ohne Speichern verlassen?',
    lost: 'Ihre Änderungen sind nicht gespeichert und gingen verloren.',
    stay: 'Bleiben',
    go: 'Verlassen',
  },
);

interface Props<T extends object> {
  draft: Draft<T>;
  /** What the button says where it makes something new: such a form can be sent as it is. */
  createLabel?: string;
}

export function SaveBar<T extends object>({ draft, createLabel }: Props<T>) {
  const words = useText(text);
  return (
    <div className={styles.bar} data-dirty={draft.isDirty || undefined}>
      <div role="alert" className={styles.alert}>
        {draft.isStale && <p className={styles.error}>{words.stale}</p>}
        {draft.rest !== undefined && (
          <p className={styles.error} dir="auto">
            {draft.rest}
          </p>
        )}
      </div>
      <div className={styles.row}>
        {draft.isStale ? (
          <>
            <Button onClick={draft.reset}>{words.theirs}</Button>
            <Button kind="primary" busy={draft.isSaving} onClick={draft.overwrite}>
              {words.mine}
            </Button>
          </>
        ) : (
          <>
            <Button
              kind="primary"
              type="submit"
              busy={draft.isSaving}
              disabled={createLabel === undefined && !draft.isDirty}
            >
              {createLabel ?? words.save}
            </Button>
            {draft.isDirty && (
              <>
                <Button onClick={draft.reset}>{words.discard}</Button>
                <span className={styles.state}>{words.dirty}</span>
              </>
            )}
          </>
        )}
      </div>
      <LeaveGuard isOn={draft.isDirty && !draft.isSaving} />
    </div>
  );
}

/** Asks before another page is shown; another view of the same page, by its search, is no leaving. */
function LeaveGuard({ isOn }: { isOn: boolean }) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isOn && current.pathname !== next.pathname,
    enableBeforeUnload: () => isOn,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return <AskToLeave onStay={blocker.reset} onLeave={blocker.proceed} />;
}

/** Asks whether what was written may be lost. */
export function AskToLeave({ onStay, onLeave }: { onStay: () => void; onLeave: () => void }) {
  const words = useText(text);
  return (
    <Dialog
      title={words.leave}
      onClose={onStay}
      footer={
        <>
          <Button onClick={onStay}>{words.stay}</Button>
          <Button kind="danger" onClick={onLeave}>
            {words.go}
          </Button>
        </>
      }
    >
      <p>{words.lost}</p>
    </Dialog>
  );
}
