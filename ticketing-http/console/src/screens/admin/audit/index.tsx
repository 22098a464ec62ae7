import { Filter, ScrollText, X } from 'lucide-react';
import { api, ok } from '../../../api/client';
import { useEndless } from '../../../api/paging';
import type { Schemas } from '../../../api/types';
import { useFormat } from '../../../format';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { Empty } from '../../../ui/empty';
import { PagedList } from '../../../ui/endless';
import { Table, type Column } from '../../../ui/table';
import { AreaHead, Filters } from '../area-head';
import { areaText } from '../areas';
import { useFilter } from '../filter';
import { FilterText } from '../filter-text';
import { ActorFilter } from './actor-filter';
import styles from './audit.module.css';
import { changesOf, shownValue, spelled } from './changes';
import { Subject } from './subject';
import { auditText } from './text';
import { Verify } from './verify';

type Line = Schemas['AuditLine'];

const FILTERS = ['actor', 'subject', 'action', 'from', 'to'] as const;

export default function Audit() {
  const words = useText(auditText);
  const areas = useText(areaText);
  const format = useFormat();
  const [search, change] = useFilter();
  const filter = Object.fromEntries(
    FILTERS.map((name) => [name, search[name]] as const).filter((pair): pair is [(typeof FILTERS)[number], string] => {
      const value = pair[1];
      return value !== undefined && value !== '';
    }),
  );
  const lines = useEndless<Line>(
    ['audit', filter],
    (cursor, signal) => ok(api.GET('/api/audit', { params: { query: { ...filter, limit: 50, cursor } }, signal })),
    { isFresh: true },
  );
  const isFiltered = Object.keys(filter).length > 0;

  const columns: Column<Line>[] = [
    {
      id: 'who',
      title: words.who,
      cell: (line) => {
        const id = line.actor.id;
        const name = id === null ? words.system : line.actor.name;
        return (
          <span className={styles.cell}>
            <span dir="auto">{name}</span>
            {id !== null && search['actor'] !== id && (
              <Only label={words.onlyActor(name)} onPress={() => change({ actor: id })} />
            )}
          </span>
        );
      },
    },
    {
      id: 'subject',
      title: words.subject,
      cell: (line) => (
        <span className={styles.cell}>
          <Subject subject={line.subject} />
          {search['subject'] !== line.subject && (
            <Only label={`${words.onlySubject}: ${line.subject}`} onPress={() => change({ subject: line.subject })} />
          )}
        </span>
      ),
    },
    { id: 'changes', title: words.changes, cell: (line) => <Changes line={line} /> },
    {
      id: 'when',
      title: words.when,
      isNarrow: true,
      cell: (line) => (
        <time dateTime={line.at} title={format.fullTime(line.at)}>
          {format.dateTime(line.at)}
        </time>
      ),
    },
  ];
  return (
    <>
      <AreaHead area="audit" about={words.about} />
      <Verify />
      <Filters label={areas.audit}>
        <ActorFilter value={search['actor']} onChange={(actor) => change({ actor })} />
        <FilterText
          label={words.action}
          placeholder={words.actionHint}
          value={search['action']}
          onChange={(action) => change({ action })}
        />
        <FilterText
          label={words.subject}
          placeholder={words.subjectHint}
          value={search['subject']}
          onChange={(subject) => change({ subject })}
        />
        <FilterText label={words.from} type="date" value={search['from']} onChange={(from) => change({ from })} />
        <FilterText label={words.to} type="date" value={search['to']} onChange={(to) => change({ to })} />
        {isFiltered && (
          <Button
            kind="quiet"
            icon={<X size={14} />}
            onClick={() => change(Object.fromEntries(FILTERS.map((name) => [name, undefined])))}
          >
            {words.clear}
          </Button>
        )}
      </Filters>
      <PagedList
        of={lines}
        lines={10}
        empty={
          <Empty title={words.none} icon={<ScrollText size={22} />}>
            {words.noneAbout}
          </Empty>
        }
      >
        {(rows) => (
          <Table
            label={areas.audit}
            rows={rows}
            keyOf={(line) => line.id}
            nameTitle={words.what}
            name={(line) => (
              <span className={styles.cell}>
                <code className={styles.action}>{line.action}</code>
                {search['action'] !== line.action && (
                  <Only label={words.onlyAction(line.action)} onPress={() => change({ action: line.action })} />
                )}
              </span>
            )}
            columns={columns}
            isOld={lines.isOld}
            isTall
          />
        )}
      </PagedList>
    </>
  );
}

function Only({ label, onPress }: { label: string; onPress: () => void }) {
  return <Button size="small" label={label} icon={<Filter size={12} />} className={styles.only} onClick={onPress} />;
}

/** What was and what is, field by field, and from where it was done. */
function Changes({ line }: { line: Line }) {
  const words = useText(auditText);
  const { dateTime } = useFormat();
  const changes = changesOf(line.changes);
  const show = (value: unknown) => shownValue(value, words, dateTime);
  return (
    <>
      {changes.length > 0 && (
        <ul className={styles.changes}>
          {changes.map(({ field, before, after }) => (
            <li key={field}>
              <span className={styles.field}>{spelled(field)}</span>{' '}
              {before !== null && before !== undefined && (
                <>
                  <span className="visually-hidden">{words.was} </span>
                  <del className={styles.before} dir="auto">
                    {show(before)}
                  </del>{' '}
                  <span aria-hidden>→</span>{' '}
                </>
              )}
              <span className="visually-hidden">{words.is} </span>
              <span dir="auto">{show(after)}</span>
            </li>
          ))}
        </ul>
      )}
      {(line.ip !== null || line.user_agent !== null || line.request_id !== null) && (
        <details className={styles.origin}>
          <summary>{words.details}</summary>
          {line.ip !== null && (
            <p>
              {words.ip} <code>{line.ip}</code>
              {line.peer !== undefined && ` ${words.proxy} ${line.peer}`}
            </p>
          )}
          {line.user_agent !== null && <p dir="auto">{line.user_agent}</p>}
          {line.request_id !== null && (
            <p>
              {words.request} <code>{line.request_id}</code>
            </p>
          )}
        </details>
      )}
    </>
  );
}
