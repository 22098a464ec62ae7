/** Around what is edited: its head, the bar that saves it, and the questions before something gets lost. */
import { Link, useBlocker } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { shown, useCommands } from '../../keys/commands';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { areaText } from './areas';
import styles from './form.module.css';
import { adminText } from './text';
import type { Conflict, Form } from './use-form';

/** The top of a page of one thing, with the way back to the list. */
export function Head({
  area,
  title,
  about,
  children,
}: {
  area: keyof typeof areaText.en;
  title: string;
  about?: ReactNode;
  children?: ReactNode;
}) {
  const words = useText(adminText);
  const areas = useText(areaText);
  return (
    <header className={styles.head}>
      <Link to="/admin/$area" params={{ area }} className={styles.back}>
        <ArrowLeft size={14} aria-hidden className={styles.arrow} />
        <span className="visually-hidden">{words.back(areas[area])}</span>
        <span aria-hidden>{areas[area]}</span>
      </Link>
      <div className={styles.titles}>
        <h2 className={styles.title} dir="auto">
          {title}
        </h2>
        {about}
        <div className={styles.actions}>{children}</div>
      </div>
    </header>
  );
}

/** The form itself. It is saved by its bar, by Enter in a field, and by Mod+s. */
export function FormFrame<D extends object>({
  form,
  names,
  children,
}: {
  form: Form<D>;
  /** What people call the fields, to say what somebody else changed. */
  names: Partial<Record<keyof D & string, string>>;
  children: ReactNode;
}) {
  const words = useText(adminText);
  const element = useRef<HTMLFormElement>(null);
  const canSave = form.isDirty || form.isNew;
  useCommands([
    {
      id: 'admin.save',
      group: words.group,
      title: form.isNew ? words.create : words.save,
      keys: ['Mod+s'],
      inInputs: true,
      disabled: !canSave,
      run: () => element.current?.requestSubmit(),
    },
  ]);
  useEffect(() => {
    if (form.failures > 0) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [form.failures]);
  return (
    <form
      ref={element}
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        form.save();
      }}
    >
      {children}
      <div className={styles.bar} data-is-shown={canSave}>
        <p role="alert" className={styles.failure}>
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
      <LeaveGuard isDirty={form.isDirty} />
      {form.conflict !== undefined && <ConflictDialog conflict={form.conflict} names={names} />}
    </form>
  );
}

/** Asks before a page with unsaved changes is left. */
export function LeaveGuard({ isDirty }: { isDirty: boolean }) {
  const words = useText(adminText).leave;
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty && current.pathname !== next.pathname,
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

function ConflictDialog<D extends object>({
  conflict,
  names,
}: {
  conflict: Conflict<D>;
  names: Partial<Record<keyof D & string, string>>;
}) {
  const words = useText(adminText).conflict;
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

/** A part of a page with a heading. */
export function Section({
  title,
  about,
  actions,
  children,
}: {
  title: string;
  about?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={styles.section} aria-label={title}>
      <div className={styles.sectionHead}>
        <h3 className={styles.sectionTitle}>{title}</h3>
        {actions}
      </div>
      {about !== undefined && <p className={styles.about}>{about}</p>}
      {children}
    </section>
  );
}

/** Fields beside each other where there is room. */
export function Fields({ children }: { children: ReactNode }) {
  return <div className={styles.fields}>{children}</div>;
}

/** Fields of a whole row. */
export const wide: string = styles.wide ?? '';
