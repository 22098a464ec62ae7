/** A question before something is done that others hear of or that is gone then, with the server's words where it says no. */
import { useState, type ReactNode } from 'react';
import { defineText, useText } from '../text';
import { Button } from './button';
import styles from './confirm.module.css';
import { Dialog } from './dialog';
import { reason } from './toast';

const text = defineText({ cancel: 'Cancel' }, { cancel: 'Abbrechen' });

interface Question {
  title: string;
  /** What the button says that does it. */
  action: string;
  run: () => Promise<unknown>;
  /** Nothing is taken away by it. */
  isHarmless?: boolean;
  /** What it means. */
  children: ReactNode;
}

interface ConfirmProps extends Question {
  isDisabled?: boolean;
  /** Faults that what is asked about says itself, at a field of its own. */
  isKnown?: (error: unknown) => boolean;
  onClose: () => void;
}

export function Confirm({
  title,
  action,
  run,
  isHarmless = false,
  isDisabled = false,
  isKnown,
  onClose,
  children,
}: ConfirmProps) {
  const words = useText(text);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const confirm = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      await run();
      onClose();
    } catch (error) {
      setBusy(false);
      if (isKnown?.(error) !== true) setFailure(reason(error));
    }
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button
            kind={isHarmless ? 'primary' : 'danger'}
            busy={isBusy}
            disabled={isDisabled}
            onClick={() => void confirm()}
          >
            {action}
          </Button>
        </>
      }
    >
      <div className={styles.body}>{children}</div>
      <p role="alert" className={styles.failure}>
        {failure}
      </p>
    </Dialog>
  );
}

interface ConfirmButtonProps extends Question {
  /** What the button says that asks. */
  label: string;
  size?: 'small';
  icon?: ReactNode;
}

export function ConfirmButton({ label, size, icon, ...question }: ConfirmButtonProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        {...(size && { size })}
        icon={icon}
        onClick={() => setOpen(true)}
        {...(!question.isHarmless && { className: styles.ask })}
      >
        {label}
      </Button>
      {isOpen && <Confirm {...question} onClose={() => setOpen(false)} />}
    </>
  );
}
