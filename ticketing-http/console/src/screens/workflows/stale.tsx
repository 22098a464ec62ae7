import { relative } from '../../format';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Changes } from './changes';
import type { Speech } from './model/describe';
import type { StaleRule } from './save';
import { pageText } from './text-rule';

interface Props {
  stale: StaleRule;
  speech: Speech;
  onTake: () => void;
  onOverwrite: () => void;
  onClose: () => void;
}

/** Somebody saved the rule meanwhile: says who and what, and asks which of the two is to be. */
export function Stale({ stale, speech, onTake, onOverwrite, onClose }: Props) {
  const words = useText(pageText);
  const { rule, savedBy, changes } = stale;
  const who = savedBy === null ? words.theDesk : (speech.names.get(savedBy) ?? words.somebody);
  return (
    <Dialog
      title={words.staleTitle}
      size="medium"
      onClose={onClose}
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            {words.goOn}
          </Button>
          <Button onClick={onTake}>{words.reload}</Button>
          <Button kind="danger" onClick={onOverwrite}>
            {words.overwrite}
          </Button>
        </>
      }
    >
      <p dir="auto">{words.staleBody(who, rule.version, relative(rule.updated_at))}</p>
      <Changes changes={changes} speech={speech} />
    </Dialog>
  );
}
