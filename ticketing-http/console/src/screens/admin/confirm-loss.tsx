import type { ReactNode } from 'react';
import { defineText, useText } from '../../text';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';

const text = defineText({ cancel: 'Cancel' }, { cancel: 'Abbrechen' });

interface Props {
  title: string;
  /** What the button does. */
  action: string;
  isBusy: boolean;
  isDisabled?: boolean;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** Asks before something that can't be undone. */
export function Confirm({ title, action, isBusy, isDisabled = false, onConfirm, onClose, children }: Props) {
  const words = useText(text);
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="danger" busy={isBusy} disabled={isDisabled} onClick={onConfirm}>
            {action}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
