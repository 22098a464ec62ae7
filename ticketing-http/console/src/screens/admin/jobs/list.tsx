import { Link } from '@tanstack/react-router';
import { Eraser, ListChecks, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { Empty } from '../../../ui/empty';
import { SelectField } from '../../../ui/field';
import { Ago } from '../../../ui/time';
import { AreaHead, Filters } from '../area-head';
import { areaText } from '../areas';
import { Chip } from '../../../ui/chip';
import { useFilter } from '../filter';
import { FilterText } from '../filter-text';
import { Listing } from '../listing';
import { oneOf } from '../one-of';
import { JOB_KINDS, JOB_STATES, useJobs, type JobState } from './data';
import { Purge } from './purge';
import { jobText } from './text';

export function JobChip({ state }: { state: JobState }) {
  const words = useText(jobText);
  const tone = { ready: 'idle', running: 'wait', done: 'ok', dead: 'bad' } as const;
  return <Chip tone={tone[state]}>{words.states[state]}</Chip>;
}

export function List() {
  const words = useText(jobText);
  const areas = useText(areaText);
  const [search, change] = useFilter();
  const [isPurging, setPurging] = useState(false);
  const state = oneOf(search['state'], JOB_STATES);
  const kind = oneOf(search['kind'], JOB_KINDS);
  const jobs = useJobs({ state, kind, lane: search['lane'], ticket_id: search['ticket'] });
  return (
    <>
      <AreaHead area="jobs" about={words.about}>
        <Button icon={<RefreshCw size={14} />} busy={jobs.isRefetching} onClick={() => void jobs.refetch()}>
          {words.refresh}
        </Button>
        <Button icon={<Eraser size={14} />} onClick={() => setPurging(true)}>
          {words.purge}
        </Button>
      </AreaHead>
      <Filters>
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
      </Filters>
      <Listing
        area="jobs"
        label={areas.jobs}
        list={jobs}
        idOf={(one) => one.id}
        nameTitle={words.kind}
        name={(one) => words.kinds[one.kind]}
        belowName={(one) => <span dir="ltr">{one.lane}</span>}
        columns={[
          { id: 'state', title: words.state, isNarrow: true, cell: (one) => <JobChip state={one.state} /> },
          { id: 'attempts', title: words.attempts, isNumber: true, isNarrow: true, cell: (one) => one.attempts },
          {
            id: 'why',
            title: words.why,
            cell: (one) => one.last_error !== null && <span dir="auto">{one.last_error}</span>,
          },
          {
            id: 'ticket',
            title: words.ticket,
            isNarrow: true,
            cell: (one) =>
              one.ticket_id !== null && (
                <Link to="/tickets/$ticket" params={{ ticket: one.ticket_id }}>
                  {words.ticket}
                </Link>
              ),
          },
          { id: 'made', title: words.made, isNarrow: true, cell: (one) => <Ago at={one.created_at} /> },
        ]}
        empty={
          <Empty title={words.none} icon={<ListChecks size={22} />}>
            {words.noneAbout}
          </Empty>
        }
      />
      {isPurging && <Purge onClose={() => setPurging(false)} />}
    </>
  );
}
