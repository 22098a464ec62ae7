/** Takes things in from a file, after the server has said what would become of them. */
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Problem } from '../api/problem';
import { Button } from './button';
import { Dialog } from './dialog';
import { Field, inputClass } from './field';
import { faultText } from './fault';
import styles from './file-import.module.css';
import { reason, toast } from './toast';
import { useOnce, type Once } from './use-once';

interface Words {
  title: string;
  about: string;
  file: string;
  noJson: string;
  reading: string;
  created: string;
  updated: string;
  unchanged: string;
  nothing: string;
  take: string;
  taken: (n: number) => string;
  wrong: string;
  cancel: string;
}

/** What became of each, or would. */
type Taken<N> = Record<'created' | 'updated' | 'unchanged', readonly N[]>;

interface Props<T, N> {
  words: Words;
  /** Under which name the list stands in the file. */
  name: string;
  /** Without a header it only says what would happen. */
  send: (list: T[], header: Once | undefined) => Promise<Taken<N>>;
  nameOf: (one: N) => string;
  onClose: (isTaken: boolean) => void;
}

/** What a file holds: the export's form, or its list alone. What they say is for the server to judge. */
function listIn(text: string, name: string): unknown[] | undefined {
  try {
    const json: unknown = JSON.parse(text);
    const list =
      typeof json === 'object' && json !== null && !Array.isArray(json)
        ? (json as Record<string, unknown>)[name]
        : json;
    return Array.isArray(list) ? (list as unknown[]) : undefined;
  } catch {
    return undefined;
  }
}

export function FileImport<T, N>({ words, name, send, nameOf, onClose }: Props<T, N>) {
  const [list, setList] = useState<T[]>();
  const [isNoJson, setNoJson] = useState(false);
  const once = useOnce();
  const look = useMutation({ mutationFn: (those: T[]) => send(those, undefined) });
  const take = useMutation({
    mutationFn: (those: T[]) => once(those, (header) => send(those, header)),
    onSuccess: ({ created, updated }) => {
      toast(words.taken(created.length + updated.length));
      onClose(true);
    },
  });
  const choose = async (file: File | undefined) => {
    look.reset();
    take.reset();
    const found = file === undefined ? undefined : (listIn(await file.text(), name) as T[] | undefined);
    setNoJson(file !== undefined && found === undefined);
    setList(found);
    if (found !== undefined) look.mutate(found);
  };
  const error = take.error ?? look.error;
  const groups = look.data === undefined ? [] : (['created', 'updated', 'unchanged'] as const);
  const changes = (look.data?.created.length ?? 0) + (look.data?.updated.length ?? 0);
  return (
    <Dialog
      title={words.title}
      size="medium"
      onClose={() => onClose(false)}
      footer={
        <>
          <Button onClick={() => onClose(false)}>{words.cancel}</Button>
          <Button
            kind="primary"
            disabled={changes === 0}
            busy={take.isPending}
            onClick={() => list !== undefined && take.mutate(list)}
          >
            {words.take}
          </Button>
        </>
      }
    >
      <div className={styles.stack}>
        <Field label={words.file} hint={words.about} error={isNoJson ? words.noJson : undefined}>
          {({ id, describedBy, isInvalid }) => (
            <input
              id={id}
              type="file"
              accept=".json,application/json"
              className={inputClass}
              aria-describedby={describedBy}
              aria-invalid={isInvalid || undefined}
              // The same file, corrected, is another one to look at.
              onClick={(event) => {
                event.currentTarget.value = '';
                void choose(undefined);
              }}
              onChange={(event) => void choose(event.target.files?.[0])}
            />
          )}
        </Field>
        <div role="status">
          {look.isPending && <p className={styles.about}>{words.reading}</p>}
          {look.data !== undefined && changes === 0 && <p>{words.nothing}</p>}
          {groups.map((group) => {
            const those = look.data?.[group] ?? [];
            return (
              those.length > 0 && (
                <section key={group}>
                  <h3 className={styles.sub}>{words[group]}</h3>
                  <ul className={styles.names}>
                    {those.map((one, at) => (
                      <li key={at} dir="auto">
                        {nameOf(one)}
                      </li>
                    ))}
                  </ul>
                </section>
              )
            );
          })}
          {error !== null && (
            <div className={styles.bad}>
              <p>{words.wrong}</p>
              <ul className={styles.names}>
                {error instanceof Problem && error.body.errors !== undefined ? (
                  error.body.errors.map((one) => (
                    <li key={one.field}>
                      <code>{one.field}</code> {faultText(one)}
                    </li>
                  ))
                ) : (
                  <li>{reason(error)}</li>
                )}
              </ul>
            </div>
          )}
        </div>
      </div>
    </Dialog>
  );
}
