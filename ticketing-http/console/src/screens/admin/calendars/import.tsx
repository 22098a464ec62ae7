/** Holidays from a file of a calendar program: looked at first, then taken in. */
import { useRef, useState } from 'react';
import { api, ok } from '../../../api/client';
import type { Schemas } from '../../../api/types';
import { number } from '../../../format';
import { useText } from '../../../text';
import { useOnce, type Once } from '../../../ui/use-once';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { toast, toastError } from '../../../ui/toast';
import { adminText } from '../text';
import { holidayDay } from './dates';
import type { Holiday } from './hours';
import styles from './import.module.css';
import { calendarText } from './text';

type Imported = Schemas['ImportedHolidays'];

function send(id: string, file: string, header: Once | undefined) {
  return ok(
    api.POST('/api/calendars/{id}/holidays', {
      params: { path: { id }, query: { dry_run: header === undefined }, header: header ?? {} },
      headers: { 'Content-Type': 'text/calendar' },
      body: file,
      bodySerializer: (body) => body,
    }),
  );
}

export function ImportButton({ id, onAdded }: { id: string; onAdded: (added: Holiday[]) => Promise<void> }) {
  const words = useText(calendarText);
  const admin = useText(adminText);
  const input = useRef<HTMLInputElement>(null);
  const once = useOnce();
  const [isBusy, setBusy] = useState(false);
  const [trial, setTrial] = useState<{ file: string; found: Imported }>();
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    await work().catch(toastError);
    setBusy(false);
  };
  const day = (holiday: Holiday) =>
    holiday.date.startsWith('--') ? words.everyYear(holidayDay(holiday.date)) : holidayDay(holiday.date);
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".ics,text/calendar"
        hidden
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = '';
          if (file === undefined) return;
          void run(async () => {
            const text = await file.text();
            setTrial({ file: text, found: await send(id, text, undefined) });
          });
        }}
      />
      <Button size="small" busy={isBusy && trial === undefined} onClick={() => input.current?.click()}>
        {words.import}
      </Button>
      {trial !== undefined && (
        <Dialog
          title={words.importTitle}
          size="medium"
          onClose={() => setTrial(undefined)}
          footer={
            <>
              <Button onClick={() => setTrial(undefined)}>{admin.cancel}</Button>
              {trial.found.added.length > 0 && (
                <Button
                  kind="primary"
                  busy={isBusy}
                  onClick={() =>
                    void run(async () => {
                      const { added } = await once({ id, file: trial.file }, (header) => send(id, trial.file, header));
                      setTrial(undefined);
                      await onAdded(added);
                      toast(words.importDone(number(added.length)));
                    })
                  }
                >
                  {words.importAdd(number(trial.found.added.length))}
                </Button>
              )}
            </>
          }
        >
          {trial.found.added.length === 0 ? (
            <p>{words.importNone}</p>
          ) : (
            <>
              <h3>{words.importNew(number(trial.found.added.length))}</h3>
              <ul className={styles.list}>
                {trial.found.added.map((holiday) => (
                  <li key={`${holiday.date} ${holiday.name}`}>
                    <span dir="auto">{holiday.name}</span>
                    <span className={styles.about}>{day(holiday)}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
          {trial.found.skipped.length > 0 && (
            <>
              <h3 className={styles.next}>{words.importSkipped(number(trial.found.skipped.length))}</h3>
              <ul className={styles.list}>
                {trial.found.skipped.map((one, at) => (
                  <li key={at}>
                    <span dir="auto">{one.summary ?? '–'}</span>
                    <span className={styles.about}>{one.reason}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </Dialog>
      )}
    </>
  );
}
