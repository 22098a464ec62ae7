/** Around what is edited: the bar that saves it, and the questions before something gets lost. */
import { useBlocker } from '@tanstack/react-router';
import { useEffect, useRef, type ReactNode } from 'react';
import { shown, useCommands } from '../keys/commands';
import { defineText, useText } from '../text';
import { Button } from './button';
import { Dialog } from './dialog';
import styles from './form.module.css';
import type { Conflict, Form } from './use-form';

const text = defineText(
  {
    group: 'Form',
    save: 'Save',
    create: 'Create',
    discard: 'Discard',
    unsaved: 'Unsaved changes',
    notYet: 'Not created yet',
    leave: {
      title: 'Leave without saving?',
      body: 'What you changed here is not saved yet.',
      stay: 'Stay here',
      go: 'Leave without saving',
    },
    conflict: {
      title: 'Somebody saved meanwhile',
      body: 'Since you began, somebody else has changed this.',
      changed: 'They changed:',
      same: 'Nothing that you can see here differs.',
      theirs: 'Reload theirs, drop mine',
      mine: 'Put mine over it',
      hint: 'Your changes are put on top; what they changed elsewhere stays.',
    },
  },
  {
    group: 'Formular',
    save: 'Speichern',
    create: 'Anlegen',
    discard: 'Verwerfen',
    unsaved: 'Ungespeicherte Änderungen',
    notYet: 'Noch nicht angelegt',
    leave: {
      title: 'Ohne Speichern verlassen?',
      body: 'Ihre Änderungen auf dieser Seite sind noch nicht gespeichert.',
      stay: 'Hier bleiben',
      go: 'Ohne Speichern verlassen',
    },
    conflict: {
      title: 'Inzwischen hat jemand gespeichert',
      body: 'Seit Sie begonnen haben, hat jemand anderes dies geändert.',
      changed: 'Geändert wurde:',
      same: 'Von dem, was Sie hier sehen, unterscheidet sich nichts.',
      theirs: 'Fremden Stand laden, meinen verwerfen',
      mine: 'Meine Änderungen darüber speichern',
      hint: 'Ihre Änderungen werden darübergelegt; was sonst geändert wurde, bleibt.',
    },
  },
);

interface Props<D extends object> {
  form: Form<D>;
  /** What people call the fields, to say what somebody else changed. */
  names: Partial<Record<keyof D & string, string>>;
  /** What of the address, behind its question mark, says which one is edited: to change it is to leave. */
  editedBy?: string;
  children: ReactNode;
}

/** The form itself. It is saved by its bar, by Enter in a field, and by Mod+s. */
export function FormFrame<D extends object>({ form, names, editedBy, children }: Props<D>) {
  const words = useText(text);
  const element = useRef<HTMLFormElement>(null);
  const canSave = form.isDirty || form.isNew;
  useCommands(
    canSave
      ? [
          {
            id: 'form.save',
            group: words.group,
            title: form.isNew ? words.create : words.save,
            keys: ['Mod+s'],
            inInputs: true,
            // Of several forms of a page it is the one that somebody is in.
            run: () =>
              (
                document.activeElement?.closest<HTMLFormElement>('form[data-saves]') ?? element.current
              )?.requestSubmit(),
          },
        ]
      : [],
  );
  useEffect(() => {
    if (form.failures > 0) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [form.failures]);
  return (
    <form
      ref={element}
      className={styles.form}
      data-saves={canSave || undefined}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        form.save();
      }}
    >
      {children}
      <div className={styles.bar} data-is-shown={canSave}>
        <p role="alert" className={styles.failure} dir="auto">
          {form.failure}
        </p>
        {canSave && (
          <>
            {form.failure === undefined && (
              <span className={styles.state}>{form.isNew ? words.notYet : words.unsaved}</span>
            )}
            {form.isDirty && (
              <Button kind="quiet" onClick={form.discard} disabled={form.isSaving}>
                {words.discard}
              </Button>
            )}
            <Button kind="primary" type="submit" busy={form.isSaving} title={shown('Mod+s').join()}>
              {form.isNew ? words.create : words.save}
            </Button>
          </>
        )}
      </div>
      <LeaveGuard isDirty={form.isDirty} editedBy={editedBy} />
      {form.conflict !== undefined && <ConflictDialog conflict={form.conflict} names={names} />}
    </form>
  );
}

/** Asks before a page with unsaved changes is left; another view of the same page is no leaving. */
function LeaveGuard({ isDirty, editedBy }: { isDirty: boolean; editedBy: string | undefined }) {
  const words = useText(text).leave;
  const edited = (place: { pathname: string; search: Record<string, unknown> }) =>
    `${place.pathname} ${editedBy === undefined ? '' : String(place.search[editedBy])}`;
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty && edited(current) !== edited(next),
    enableBeforeUnload: () => isDirty,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return (
    <Dialog
      title={words.title}
      onClose={blocker.reset}
      footer={
        <>
          <Button autoFocus onClick={blocker.reset}>
            {words.stay}
          </Button>
          <Button kind="danger" onClick={blocker.proceed}>
            {words.go}
          </Button>
        </>
      }
    >
      <p>{words.body}</p>
    </Dialog>
  );
}

interface ConflictProps<D extends object> {
  conflict: Conflict<D>;
  names: Partial<Record<keyof D & string, string>>;
}

function ConflictDialog<D extends object>({ conflict, names }: ConflictProps<D>) {
  const words = useText(text).conflict;
  return (
    <Dialog
      title={words.title}
      size="medium"
      onClose={conflict.goOn}
      footer={
        <>
          <Button onClick={conflict.takeTheirs}>{words.theirs}</Button>
          <Button kind="primary" onClick={conflict.putMine}>
            {words.mine}
          </Button>
        </>
      }
    >
      <div className={styles.conflict}>
        <p>{words.body}</p>
        {conflict.fields.length === 0 ? (
          <p>{words.same}</p>
        ) : (
          <p>
            {words.changed} <strong>{conflict.fields.map((field) => names[field] ?? field).join(', ')}</strong>
          </p>
        )}
        <p className={styles.hint}>{words.hint}</p>
      </div>
    </Dialog>
  );
}
