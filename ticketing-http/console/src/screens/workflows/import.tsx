import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '../../api/client';
import { Problem } from '../../api/problem';
import type { Schemas } from '../../api/types';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Field, inputClass } from '../../ui/field';
import { faultText } from '../../ui/fault';
import { reason, toast } from '../../ui/toast';
import { useOnce, type Once } from '../../ui/use-once';
import styles from './list.module.css';
import { isObject } from './model/json';
import { importText } from './text';

type Rules = Schemas['WorkflowImport']['workflows'];

/** The rules of a file: the export's form, or their list alone. What they say is for the server to judge. */
function rulesOf(text: string): Rules | undefined {
  try {
    const json: unknown = JSON.parse(text);
    const list = isObject(json) ? json['workflows'] : json;
    return Array.isArray(list) ? (list as Rules) : undefined;
  } catch {
    return undefined;
  }
}

async function send(workflows: Rules, header: Once | undefined) {
  return ok(
    api.POST('/api/workflows/import', {
      params: { header: header ?? {} },
      body: { workflows, dry_run: header === undefined },
    }),
  );
}

/** Takes rules in from a file, after saying what would become of them. */
export default function Import({ onClose }: { onClose: (isTaken: boolean) => void }) {
  const words = useText(importText);
  const [rules, setRules] = useState<Rules>();
  const [isNoJson, setNoJson] = useState(false);
  const once = useOnce();
  const look = useMutation({ mutationFn: (those: Rules) => send(those, undefined) });
  const take = useMutation({
    mutationFn: (those: Rules) => once(those, (header) => send(those, header)),
    onSuccess: ({ created, updated }) => {
      toast(words.taken(created.length + updated.length));
      onClose(true);
    },
  });
  const choose = async (file: File | undefined) => {
    look.reset();
    take.reset();
    const found = file === undefined ? undefined : rulesOf(await file.text());
    setNoJson(file !== undefined && found === undefined);
    setRules(found);
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
            onClick={() => rules !== undefined && take.mutate(rules)}
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
              onChange={(event) => void choose(event.target.files?.[0])}
            />
          )}
        </Field>
        <div role="status">
          {look.isPending && <p className={styles.about}>{words.reading}</p>}
          {look.data !== undefined && changes === 0 && <p>{words.nothing}</p>}
          {groups.map((group) => {
            const list = look.data?.[group] ?? [];
            return (
              list.length > 0 && (
                <section key={group}>
                  <h3 className={styles.sub}>{words[group]}</h3>
                  <ul className={styles.names}>
                    {list.map((rule) => (
                      <li key={rule.name} dir="auto">
                        {rule.name}
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
