/** Corrects what one has just said. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type KeyboardEvent } from 'react';
import { api, ifVersion, ok } from '../../../api/client';
import { Problem } from '../../../api/problem';
import type { Comment } from '../../../api/types';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { inputClass } from '../../../ui/field';
import { reason } from '../../../ui/toast';
import { placeComment } from './history';
import styles from './message.module.css';
import { conversationText } from './text';

export function Edit({ comment, number, onDone }: { comment: Comment; number: string; onDone: () => void }) {
  const words = useText(conversationText);
  const queries = useQueryClient();
  const id = useId();
  const [text, setText] = useState(comment.body);
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      ok(
        api.PATCH('/api/comments/{id}', {
          params: { path: { id: comment.id }, header: ifVersion(comment.version) },
          body: { body: text.trim() },
        }),
      ),
    onSuccess: (edited) => {
      placeComment(queries, number, edited);
      onDone();
    },
  });
  const canSave = text.trim() !== '' && text.trim() !== comment.body;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onDone();
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      if (canSave && !isPending) mutate();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={styles.edit}>
      <textarea
        autoFocus
        dir="auto"
        className={inputClass}
        rows={Math.min(Math.max(text.split('\n').length, 3), 16)}
        aria-label={words.edit}
        aria-invalid={error !== null || undefined}
        aria-describedby={id}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <p id={id} role="alert" className={styles.why}>
        {error !== null && (error instanceof Problem ? (error.field('body') ?? reason(error)) : reason(error))}
      </p>
      <div className={styles.fate}>
        <Button kind="primary" size="small" busy={isPending} disabled={!canSave} onClick={() => mutate()}>
          {words.save}
        </Button>
        <Button size="small" onClick={onDone}>
          {words.cancel}
        </Button>
      </div>
    </div>
  );
}
