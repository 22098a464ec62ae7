import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useHeldKeys } from '../keys/commands';
import { defineText, useText } from '../text';
import { Button } from './button';
import { classes } from './classes';
import styles from './dialog.module.css';

const text = defineText({ close: 'Close' }, { close: 'Schließen' });

interface Props {
  title: string;
  /** Shows no title bar; the title is still read out. */
  isBare?: boolean;
  size?: 'small' | 'medium' | 'large';
  onClose: () => void;
  /** Whether a click beside it or Escape closes it; not where something could be lost. */
  isDismissable?: boolean;
  footer?: ReactNode;
  children: ReactNode;
}

/** What wants to be answered before anything else. The focus stays inside and goes back to where it was; keys do nothing to the page below. */
export function Dialog({
  title,
  isBare = false,
  size = 'small',
  onClose,
  isDismissable = true,
  footer,
  children,
}: Props) {
  const words = useText(text);
  useHeldKeys(true);
  return (
    <ModalOverlay
      isOpen
      isDismissable={isDismissable}
      isKeyboardDismissDisabled={!isDismissable}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      className={styles.veil ?? ''}
    >
      <Modal className={classes(styles.modal, styles[size])}>
        <AriaDialog className={styles.dialog ?? ''} {...(isBare ? { 'aria-label': title } : {})}>
          {!isBare && (
            <header className={styles.head}>
              <Heading slot="title" className={styles.title ?? ''}>
                {title}
              </Heading>
              {isDismissable && <Button label={words.close} icon={<X size={16} />} onClick={onClose} />}
            </header>
          )}
          <div className={isBare ? styles.bare : styles.body}>{children}</div>
          {footer !== undefined && <footer className={styles.foot}>{footer}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
