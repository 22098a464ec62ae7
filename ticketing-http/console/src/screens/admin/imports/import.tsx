import { useQueryClient } from '@tanstack/react-query';
import { Check, X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { api, ok, once } from '../../../api/client';
import { number, useFormat } from '../../../format';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { Confirm } from '../../../ui/confirm';
import { faultText } from '../../../ui/fault';
import { Section, Stack } from '../../../ui/section';
import { Table } from '../../../ui/table';
import { AreaHead } from '../area-head';
import { Fact, Facts } from '../facts';
import { One } from '../one';
import { isUnderWay, type WholeImport } from './data';
import styles from './imports.module.css';
import { ImportChip } from './list';
import { importText } from './text';

/** How often it is asked how far it is. */
const PACE_MS = 1000;

export function ImportPage({ id }: { id: string }) {
  return (
    <One
      area="imports"
      queryKey={['imports', 'one', id]}
      load={(signal) => ok(api.GET('/api/imports/{id}', { params: { path: { id } }, signal }))}
      isFresh
      again={(one) => isUnderWay(one) && PACE_MS}
    >
      {(one) => <Shown one={one} />}
    </One>
  );
}

function Shown({ one }: { one: WholeImport }) {
  const words = useText(importText);
  const { dateTime } = useFormat();
  const queries = useQueryClient();
  const [question, setQuestion] = useState<'run' | 'cancel'>();
  const known = () => queries.invalidateQueries({ queryKey: ['imports'] });
  const path = { id: one.id };
  const run = async () => {
    const query = { skip_bad: one.wrong_rows > 0 };
    await ok(api.POST('/api/imports/{id}/run', { params: { path, query, header: once() }, body: {} }));
    await known();
  };
  const cancel = async () => {
    await ok(api.DELETE('/api/imports/{id}', { params: { path } }));
    await known();
  };
  const facts: [string, ReactNode][] = [
    [words.kind, words.kinds[one.kind]],
    ...(one.rows === null ? [] : [[words.rows, number(one.rows)] satisfies [string, string]]),
    [one.dry_run ? words.wouldMake : words.made, number(one.made)],
    ...(one.new_customers === 0 ? [] : [[words.newCustomers, number(one.new_customers)] satisfies [string, string]]),
    [words.known, number(one.known)],
    [words.wrong, number(one.wrong_rows)],
    [words.at, dateTime(one.created_at)],
    ...(one.ended_at === null ? [] : [[words.ended, dateTime(one.ended_at)] satisfies [string, string]]),
    ...(one.error === null ? [] : [[words.why, one.error] satisfies [string, string]]),
  ];
  return (
    <>
      <AreaHead area="imports" title={one.name} state={<ImportChip one={one} />} about={words.says[sayingOf(one)]}>
        {isUnderWay(one) && (
          <Button icon={<X size={14} />} onClick={() => setQuestion('cancel')}>
            {words.cancel}
          </Button>
        )}
        {one.can_run && one.made > 0 && (
          <Button kind="primary" icon={<Check size={14} />} onClick={() => setQuestion('run')}>
            {one.wrong_rows > 0 ? words.runRest : words.run}
          </Button>
        )}
      </AreaHead>
      <Stack>
        {isUnderWay(one) && <Progress one={one} />}
        <Section>
          <Facts>
            {facts.map(([name, value]) => (
              <Fact key={name} name={name}>
                {value}
              </Fact>
            ))}
          </Facts>
        </Section>
        {one.wrong.length > 0 && <Wrong one={one} />}
      </Stack>
      {question === 'run' && (
        <Confirm
          title={words.runTitle(one.made)}
          action={words.run}
          isHarmless
          run={run}
          onClose={() => setQuestion(undefined)}
        >
          {one.wrong_rows > 0 && <p>{words.runRestAbout(one.wrong_rows)}</p>}
          <p>{words.runAbout}</p>
        </Confirm>
      )}
      {question === 'cancel' && (
        <Confirm
          title={words.cancelTitle}
          action={words.cancelAction}
          run={cancel}
          onClose={() => setQuestion(undefined)}
        >
          <p>{one.dry_run ? words.cancelLook : words.cancelAbout}</p>
        </Confirm>
      )}
    </>
  );
}

/** What there is to say about how it stands. */
function sayingOf(one: WholeImport) {
  if (one.state !== 'done' || !one.dry_run) return one.state;
  if (one.wrong_rows > 0) return 'wrong';
  return one.made > 0 ? 'right' : 'nothing';
}

function Progress({ one }: { one: WholeImport }) {
  const words = useText(importText);
  const said = one.done > 0 ? words.soManyIn(one.done) : words.soManyLooked(one.checked);
  // How many lines there are is known once all were looked through.
  const part = one.done > 0 && one.checked > 0 ? { value: one.done, max: one.checked } : {};
  return (
    <Section>
      <div className={styles.progress}>
        <progress aria-label={words.progress} {...part} />
        <p role="status">{said}</p>
      </div>
    </Section>
  );
}

function Wrong({ one }: { one: WholeImport }) {
  const words = useText(importText);
  const counts = Object.entries(one.wrong_by_code);
  return (
    <Section title={words.wrongTitle} about={one.wrong_rows > one.wrong.length ? words.wrongFirst : undefined}>
      {counts.length > 1 && (
        <ul className={styles.codes}>
          {counts.map(([code, count]) => (
            <li key={code}>
              <code>{code}</code> {number(count)}
            </li>
          ))}
        </ul>
      )}
      <Table
        label={words.wrongTitle}
        rows={one.wrong.map((cell, at) => ({ ...cell, at }))}
        keyOf={(cell) => String(cell.at)}
        nameTitle={words.line}
        name={(cell) => number(cell.line)}
        columns={[
          { id: 'field', title: words.field, isNarrow: true, cell: (cell) => <code dir="ltr">{cell.field}</code> },
          { id: 'what', title: words.what, cell: (cell) => <span dir="auto">{faultText(cell)}</span> },
        ]}
      />
    </Section>
  );
}
