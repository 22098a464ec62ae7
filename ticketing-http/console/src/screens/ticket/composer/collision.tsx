import type { Comment } from '../../../api/types';
import { relative } from '../../../format';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { Markdown } from '../../../ui/markdown';
import styles from './composer.module.css';
import { composerText } from './text';
import { useNow } from '../../../ui/time';

/** Before one sends: somebody else was quicker. */
export default function Collision({
  comment,
  onRead,
  onSend,
}: {
  comment: Comment;
  onRead: () => void;
  onSend: () => void;
}) {
  const words = useText(composerText);
  const now = useNow();
  return (
    <Dialog
      title={words.meanwhile}
      size="medium"
      onClose={onRead}
      footer={
        <>
          <Button onClick={onSend}>{words.sendAnyway}</Button>
          <Button kind="primary" autoFocus onClick={onRead}>
            {words.readFirst}
          </Button>
        </>
      }
    >
      <p>{words.meanwhileOne(comment.author.name, relative(comment.created_at, now))}</p>
      <div className={styles.theirs}>
        <Markdown isFoldable>{comment.body}</Markdown>
      </div>
    </Dialog>
  );
}
