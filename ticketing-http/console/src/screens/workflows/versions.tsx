/** All that the rule was, what differs, and the way back. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { api, ifVersion, ok } from '../../api/client';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { SelectField, TextField } from '../../ui/field';
import { Skeleton } from '../../ui/skeleton';
import { Ago } from '../../ui/time';
import { reason, toast, toastError } from '../../ui/toast';
import { useOnce } from '../../ui/use-once';
import build from './builder.module.css';
import { Changes } from './changes';
import { useVersions, workflowKey } from './data';
import styles from './look.module.css';
import type { Speech } from './model/describe';
import type { WorkflowWire } from './model/draft';
import { pageText, versionsText } from './text-rule';

interface Props {
  rule: WorkflowWire;
  speech: Speech;
  isChanged: boolean;
  onRestored: (rule: WorkflowWire) => void;
}

export default function Versions({ rule, speech, isChanged, onRestored }: Props) {
  const words = useText(versionsText);
  const page = useText(pageText);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useVersions(rule.id);
  const [chosen, setChosen] = useState(rule.version);
  const [against, setAgainst] = useState<'before' | 'now'>('before');
  const [isAsking, setAsking] = useState(false);
  const versions = data?.pages.flatMap((one) => one.items);
  if (error !== null) return <p className={build.error}>{`${words.failed} ${reason(error)}`}</p>;
  if (versions === undefined) return <Skeleton lines={6} />;
  const isNow = chosen === rule.version;
  const isFirst = chosen === 1;
  const to = against === 'now' && !isNow ? rule.version : chosen;
  const from = against === 'now' && !isNow ? chosen : chosen - 1;
  return (
    <div className={styles.versions}>
      <div className={build.stack}>
        <ol className={styles.list} aria-label={words.list}>
          {versions.map((one) => (
            <li key={one.version}>
              <button
                type="button"
                className={styles.version}
                aria-current={one.version === chosen}
                onClick={() => setChosen(one.version)}
              >
                <span className={styles.versionHead}>
                  {words.version(one.version)}
                  {one.version === rule.version && <span className={styles.tag}>{words.now}</span>}
                  {one.deleted && <span className={styles.tag}>{words.deleted}</span>}
                </span>
                <span className={styles.small}>
                  <Ago at={one.saved_at} />{' '}
                  {words.by(one.saved_by === null ? page.theDesk : (speech.names.get(one.saved_by) ?? page.somebody))}
                </span>
                {one.note !== null && (
                  <span className={styles.small} dir="auto">
                    {one.note}
                  </span>
                )}
              </button>
            </li>
          ))}
        </ol>
        {hasNextPage && (
          <Button size="small" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {words.more}
          </Button>
        )}
      </div>
      <section className={build.card} aria-live="polite">
        <div className={styles.toolLine}>
          {isNow ? (
            <h2 className={build.cardTitle}>{words.version(chosen)}</h2>
          ) : (
            <SelectField
              label={words.compare}
              value={against}
              onChange={(event) => setAgainst(event.target.value as typeof against)}
            >
              <option value="before">{words.before}</option>
              <option value="now">{words.current}</option>
            </SelectField>
          )}
          {!isNow && (
            <Button icon={<RotateCcw size={15} />} onClick={() => setAsking(true)}>
              {words.restore}
            </Button>
          )}
        </div>
        {isFirst && (against === 'before' || isNow) ? (
          <p className={build.quiet}>{words.first}</p>
        ) : (
          <Diff id={rule.id} from={from} to={to} speech={speech} />
        )}
      </section>
      {isAsking && (
        <Restore
          rule={rule}
          version={chosen}
          isChanged={isChanged}
          onClose={() => setAsking(false)}
          onRestored={(now) => {
            setChosen(now.version);
            onRestored(now);
          }}
        />
      )}
    </div>
  );
}

function Diff({ id, from, to, speech }: { id: string; from: number; to: number; speech: Speech }) {
  const words = useText(versionsText);
  const { data, error } = useQuery({
    queryKey: [...workflowKey(id), 'diff', from, to],
    // Versions never change.
    staleTime: Infinity,
    queryFn: ({ signal }) =>
      ok(api.GET('/api/workflows/{id}/diff', { params: { path: { id }, query: { from, to } }, signal })),
  });
  if (error !== null) return <p className={build.error}>{reason(error)}</p>;
  if (data === undefined) return <Skeleton lines={4} />;
  return (
    <div>
      <p className={build.quiet}>{words.changed(from, to)}</p>
      <Changes changes={data.changes} speech={speech} />
    </div>
  );
}

interface RestoreProps {
  rule: WorkflowWire;
  version: number;
  isChanged: boolean;
  onClose: () => void;
  onRestored: (rule: WorkflowWire) => void;
}

function Restore({ rule, version, isChanged, onClose, onRestored }: RestoreProps) {
  const words = useText(versionsText);
  const [note, setNote] = useState('');
  const once = useOnce();
  const restore = useMutation({
    mutationFn: () => {
      const path = { id: rule.id };
      const body = { version, ...(note.trim() === '' ? {} : { note: note.trim() }) };
      return once(body, (header) =>
        ok(
          api.POST('/api/workflows/{id}/restore', {
            params: { path, header: { ...header, ...ifVersion(rule.version) } },
            body,
          }),
        ),
      );
    },
    onSuccess: (now) => {
      toast(words.restored(version));
      onClose();
      onRestored(now);
    },
    onError: toastError,
  });
  return (
    <Dialog
      title={words.restoreTitle(version)}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" busy={restore.isPending} onClick={() => restore.mutate()}>
            {words.restore}
          </Button>
        </>
      }
    >
      <div className={build.stack}>
        <p>{words.restoreBody}</p>
        {isChanged && <p className={build.error}>{words.restoreUnsaved}</p>}
        <TextField label={words.note} maxLength={1000} value={note} onChange={(event) => setNote(event.target.value)} />
      </div>
    </Dialog>
  );
}
