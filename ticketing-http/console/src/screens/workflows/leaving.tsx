import { useText } from '../../text';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { pageText } from './text-rule';

interface Props {
  onStay: () => void;
  onLeave: () => void;
  onDiscard: () => void;
}

export function Leaving({ onStay, onLeave, onDiscard }: Props) {
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
      {words.leaveBody}
    </Dialog>
  );
}
