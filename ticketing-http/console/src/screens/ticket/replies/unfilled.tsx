/** Before one sends: something of the text is still to be filled in. */
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { replyText } from './text';

interface Props {
  names: readonly string[];
  onFill: () => void;
  onSend: () => void;
}

export default function Unfilled({ names, onFill, onSend }: Props) {
  const words = useText(replyText);
  return (
    <Dialog
      title={words.unfilled}
      onClose={onFill}
      footer={
        <>
          <Button onClick={onSend}>{words.sendAnyway}</Button>
          <Button kind="primary" autoFocus onClick={onFill}>
            {words.fillIn}
          </Button>
        </>
      }
    >
      <p>{words.unfilledOf(names.map((name) => `{{${name}}}`).join(', '))}</p>
    </Dialog>
  );
}
