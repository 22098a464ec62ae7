import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '../../../api/client';
import { useText } from '../../../text';
import { Confirm } from '../../../ui/confirm';
import { CheckField, TextField } from '../../../ui/field';
import { errorAt } from '../../../ui/field-text';
import { toast } from '../../../ui/toast';
import { fromLocal, toLocal } from '../moments';
import { Stack } from '../../../ui/section';
import { jobText } from './text';

const WEEK_MS = 7 * 86_400_000;

/** Forgets what has ended, after asking which of it. */
export function Purge({ onClose }: { onClose: () => void }) {
  const words = useText(jobText);
  const queries = useQueryClient();
  const [isDone, setDone] = useState(true);
  const [isDead, setDead] = useState(false);
  const [before, setBefore] = useState(() => toLocal(new Date(Date.now() - WEEK_MS)));
  const moment = fromLocal(before);
  const [error, setError] = useState<string>();
  const purge = async () => {
    setError(undefined);
    const state = [...(isDone ? ['done'] : []), ...(isDead ? ['dead'] : [])].join(',');
    const { purged } = await ok(api.DELETE('/api/jobs', { params: { query: { state, ended_before: moment ?? '' } } }));
    toast(words.purged(purged));
    void queries.invalidateQueries({ queryKey: ['jobs'] });
  };
  return (
    <Confirm
      title={words.purgeTitle}
      action={words.purgeAction}
      isDisabled={(!isDone && !isDead) || moment === undefined}
      run={purge}
      isKnown={(problem) => {
        const at = errorAt(problem, 'ended_before');
        setError(at);
        return at !== undefined;
      }}
      onClose={onClose}
    >
      <Stack>
        <p>{words.purgeBody}</p>
        <CheckField label={words.purgeDone} checked={isDone} onChange={(event) => setDone(event.target.checked)} />
        <CheckField label={words.purgeDead} checked={isDead} onChange={(event) => setDead(event.target.checked)} />
        <TextField
          label={words.purgeBefore}
          type="datetime-local"
          value={before}
          error={error}
          onChange={(event) => setBefore(event.target.value)}
        />
      </Stack>
    </Confirm>
  );
}
