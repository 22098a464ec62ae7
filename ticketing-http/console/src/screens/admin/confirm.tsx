/** A question before something is done that others hear of or that is gone then, with the server's words where it says no. */
import { useState, type ReactNode } from 'react';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { reason } from '../../ui/toast';
import styles from './confirm.module.css';
import { adminText } from './text';

interface Props {
  /** What the button says that asks. */
  label: string;
  title: string;
  /** What the button says that does it. */
  action: string;
  run: () => Promise<void>;
  /** Nothing is taken away by it. */
  isHarmless?: boolean;
  children: ReactNode;
}

export function ConfirmButton({ label, title, action, run, isHarmless = false, children }: Props) {
  const words = useText(adminText);
  const [isOpen, setOpen] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const confirm = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      await run();
      setOpen(false);
    } catch (error) {
      setFailure(reason(error));
    } finally {
      setBusy(false);
    }
  };
  const close = () => {
    setOpen(false);
    setFailure(undefined);
  };
  return (
    <>
      <Button onClick={() => setOpen(true)} {...(isHarmless ? { size: 'small' as const } : { className: styles.ask })}>
        {label}
      </Button>
      {isOpen && (
        <Dialog
          title={title}
          onClose={close}
          footer={
            <>
              <Button onClick={close}>{words.cancel}</Button>
              <Button kind={isHarmless ? 'primary' : 'danger'} busy={isBusy} onClick={() => void confirm()}>
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
      )}
    </>
  );
}
