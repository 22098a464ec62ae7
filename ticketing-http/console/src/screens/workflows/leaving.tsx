import { useText } from '../../text';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { pageText } from './text-rule';

interface Props {
  /** Whether there is something to be kept, and something that can't be. */
  isKept: boolean;
  isUnreadable: boolean;
  onStay: () => void;
  onLeave: () => void;
  onDiscard: () => void;
}

export function Leaving({ isKept, isUnreadable, onStay, onLeave, onDiscard }: Props) {
  const words = useText(pageText);
  return (
    <Dialog
      title={words.leaveTitle}
      onClose={onStay}
      footer={
        <>
          <Button kind="quiet" onClick={onDiscard}>
            {words.leaveDiscard}
          </Button>
          <Button onClick={onStay}>{words.stay}</Button>
          <Button kind="primary" onClick={onLeave}>
            {words.leave}
          </Button>
        </>
      }
    >
      {isKept && <p>{words.leaveBody}</p>}
      {isUnreadable && <p>{words.leaveUnreadable}</p>}
    </Dialog>
  );
}
