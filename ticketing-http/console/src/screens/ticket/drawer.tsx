/** The details where there is no room beside the conversation. */
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import styles from './drawer.module.css';
import { ticketPageText } from './text';

export default function Drawer({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  const words = useText(ticketPageText);
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={(isOpen) => !isOpen && onClose()} className={styles.veil ?? ''}>
      <Modal className={styles.drawer ?? ''}>
        <Dialog className={styles.dialog ?? ''}>
          <header className={styles.head}>
            <Heading slot="title" className={styles.title ?? ''}>
              {words.details}
            </Heading>
            <Button label={words.toggleDetails} icon={<X size={16} />} onClick={onClose} />
          </header>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
