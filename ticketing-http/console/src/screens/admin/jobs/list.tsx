import { Link } from '@tanstack/react-router';
import { Eraser, ListChecks, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { Empty } from '../../../ui/empty';
import { Endless } from '../../../ui/endless';
import { SelectField } from '../../../ui/field';
import { Ago } from '../../../ui/time';
import { AreaHead } from '../area-head';
import { Chip } from '../chip';
import { useFilter } from '../filter';
import { FilterText } from '../filter-text';
import { oneOf } from '../one-of';
import panels from '../panels.module.css';
import { Loaded, Rows, type Column } from '../rows';
import { JOB_KINDS, JOB_STATES, useJobs, type Job, type JobState } from './data';
import { Purge } from './purge';
import { jobText } from './text';

export function JobChip({ state }: { state: JobState }) {
  const words = useText(jobText);
  const tone = { ready: undefined, running: 'wait', done: 'ok', dead: 'bad' } as const;
  return <Chip tone={tone[state]}>{words.states[state]}</Chip>;
}

export function List() {
  const words = useText(jobText);
  const [search, change] = useFilter();
  const [isPurging, setPurging] = useState(false);
  const state = oneOf(search['state'], JOB_STATES);
  const kind = oneOf(search['kind'], JOB_KINDS);
  const jobs = useJobs({ state, kind, lane: search['lane'], ticket_id: search['ticket'] });
  const items = jobs.data?.pages.flatMap((page) => page.items) ?? [];
  const columns: Column<Job>[] = [
    {
      id: 'kind',
      label: words.kind,
      isMain: true,
      of: (one) => (
        <>
          <Link to="/admin/$area/$id" params={{ area: 'jobs', id: one.id }}>
            {words.kinds[one.kind]}
          </Link>
          <div className={panels.small} dir="ltr">
            {one.lane}
          </div>
        </>
      ),
    },
    { id: 'state', label: words.state, isNarrow: true, of: (one) => <JobChip state={one.state} /> },
    { id: 'attempts', label: words.attempts, isNarrow: true, of: (one) => one.attempts },
    {
      id: 'why',
      label: words.why,
      of: (one) => (one.last_error === null ? null : <span dir="auto">{one.last_error}</span>),
    },
    {
      id: 'ticket',
      label: words.ticket,
      isNarrow: true,
      of: (one) =>
        one.ticket_id === null ? null : (
          <Link to="/tickets/$ticket" params={{ ticket: one.ticket_id }}>
            {words.ticket}
          </Link>
        ),
    },
    { id: 'made', label: words.made, isNarrow: true, of: (one) => <Ago at={one.created_at} /> },
  ];
  return (
    <>
      <AreaHead title={words.title} about={words.about}>
        <Button icon={<RefreshCw size={14} />} busy={jobs.isRefetching} onClick={() => void jobs.refetch()}>
          {words.refresh}
        </Button>
        <Button icon={<Eraser size={14} />} onClick={() => setPurging(true)}>
          {words.purge}
        </Button>
      </AreaHead>
      <div className={panels.filters}>
        <SelectField
          label={words.state}
          value={state ?? ''}
          onChange={(event) => change({ state: event.target.value })}
        >
          <option value="">{words.all}</option>
          {JOB_STATES.map((one) => (
            <option key={one} value={one}>
              {words.states[one]}
            </option>
          ))}
        </SelectField>
        <SelectField label={words.kind} value={kind ?? ''} onChange={(event) => change({ kind: event.target.value })}>
          <option value="">{words.all}</option>
          {JOB_KINDS.map((one) => (
            <option key={one} value={one}>
              {words.kinds[one]}
            </option>
          ))}
        </SelectField>
        <FilterText label={words.lane} value={search['lane']} onChange={(lane) => change({ lane })} />
        <FilterText
          label={words.ticket}
          placeholder={words.ticketHint}
          value={search['ticket']}
          onChange={(ticket) => change({ ticket })}
        />
      </div>
      <Loaded of={jobs}>
        {items.length === 0 ? (
          <Empty title={words.none} icon={<ListChecks size={20} />}>
            {words.noneAbout}
          </Empty>
        ) : (
          <Rows label={words.title} columns={columns} rows={items} keyOf={(one) => one.id} />
        )}
        <Endless
          hasMore={jobs.hasNextPage}
          isBusy={jobs.isFetchingNextPage}
          isFailed={jobs.isFetchNextPageError}
          onMore={() => void jobs.fetchNextPage()}
        />
      </Loaded>
      {isPurging && <Purge onClose={() => setPurging(false)} />}
    </>
  );
}
