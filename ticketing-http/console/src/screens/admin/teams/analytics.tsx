/** What a team got done in a stretch of time, in numbers. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, ok } from '../../../api/client';
import type { Schemas, Team } from '../../../api/types';
import { useFormat } from '../../../format';
import { useText } from '../../../text';
import { timeZone } from '../../../text/language';
import { Avatar } from '../../../ui/avatar';
import { ticketText } from '../../../ui/badge';
import { Chip } from '../../../ui/chip';
import { SelectField } from '../../../ui/field';
import { Loaded } from '../../../ui/loaded';
import { Meter } from '../../../ui/meter';
import { Section, Stack } from '../../../ui/section';
import { Table, type Column } from '../../../ui/table';
import { useNow } from '../../../ui/time';
import { Filters } from '../area-head';
import { useFilter } from '../filter';
import { FilterText } from '../filter-text';
import { analyticsText } from './analytics-text';
import { loadText } from './load-text';
import { LENGTHS, chosen, periodOf } from './period';
import { spoken } from './spoken';
import { teamText } from './text';

type Report = Schemas['TeamReport'];
type Metric = 'first_response' | 'next_response' | 'resolution';

/** Today is another day by then. */
const HOUR_MS = 3_600_000;

export function Analytics({ team }: { team: Team }) {
  const words = useText(analyticsText);
  const [search, change] = useFilter();
  const now = useNow(HOUR_MS);
  const { date } = useFormat();
  const period = periodOf(search, now);
  const zone = timeZone() ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const query = {
    ...(period.from === undefined ? {} : { from: period.from }),
    ...(period.to === undefined ? {} : { to: period.to }),
    time_zone: zone,
  };
  const report = useQuery({
    queryKey: ['team-analytics', team.id, query],
    queryFn: ({ signal }) =>
      ok(api.GET('/api/teams/{id}/analytics', { params: { path: { id: team.id }, query }, signal })),
    // What stands there is of this team, until the other days are there.
    placeholderData: keepPreviousData,
  });
  return (
    <Stack>
      <Filters label={words.period}>
        <SelectField
          label={words.period}
          value={period.length}
          onChange={(event) => change(chosen(event.target.value, period, now))}
        >
          {[...LENGTHS, 'own' as const].map((one) => (
            <option key={one} value={one}>
              {words.lengths[one]}
            </option>
          ))}
        </SelectField>
        {period.length === 'own' && (
          <>
            <FilterText
              label={words.from}
              type="date"
              value={period.from}
              onChange={(from) => change({ days: 'own', from })}
            />
            <FilterText label={words.to} type="date" value={period.to} onChange={(to) => change({ days: 'own', to })} />
          </>
        )}
        <p role="status">
          {report.data !== undefined && !report.isError && words.shown(date(report.data.from), date(report.data.to))}
        </p>
      </Filters>
      <Loaded of={report.isError ? { ...report, data: undefined } : report} lines={12}>
        {(told) => <Numbers told={told} isOld={report.isPlaceholderData} />}
      </Loaded>
    </Stack>
  );
}

function Numbers({ told, isOld }: { told: Report; isOld: boolean }) {
  return (
    <>
      <Volume told={told} isOld={isOld} />
      <Times told={told} isOld={isOld} />
      <Promises told={told} isOld={isOld} />
      <People told={told} isOld={isOld} />
    </>
  );
}

const VOLUMES = ['created', 'joined', 'left', 'resolved', 'reopened', 'backlog'] as const;

interface Part {
  told: Report;
  /** Of the days that were asked for before. */
  isOld: boolean;
}

function Volume({ told, isOld }: Part) {
  const words = useText(analyticsText);
  const { number } = useFormat();
  const most = Math.max(1, ...VOLUMES.map((one) => told[one]));
  return (
    <Section title={words.volume} about={words.volumeAbout}>
      <Table
        label={words.volume}
        rows={VOLUMES}
        keyOf={(one) => one}
        nameTitle={words.what}
        name={(one) => words.volumes[one]}
        isOld={isOld}
        columns={[
          {
            id: 'count',
            title: words.count,
            isNumber: true,
            cell: (one) => <Meter part={told[one] / most}>{number(told[one])}</Meter>,
          },
        ]}
      />
    </Section>
  );
}

function Times({ told, isOld }: Part) {
  const words = useText(analyticsText);
  const { number } = useFormat();
  type Kind = keyof typeof words.timesOf;
  const most = Math.max(1, told.first_response.p90_seconds ?? 0, told.resolution.p90_seconds ?? 0);
  const took = (
    field: 'median_seconds' | 'p90_seconds' | 'mean_seconds',
    title: string,
    hasBar: boolean,
  ): Column<Kind> => ({
    id: field,
    title,
    isNumber: true,
    cell: (kind) => {
      const seconds = told[kind][field];
      if (seconds === null) return '–';
      return hasBar ? <Meter part={seconds / most}>{spoken(seconds)}</Meter> : spoken(seconds);
    },
  });
  return (
    <Section title={words.times} about={words.timesAbout}>
      <Table
        label={words.times}
        rows={['first_response', 'resolution'] as const}
        keyOf={(kind) => kind}
        nameTitle={words.what}
        name={(kind) => words.timesOf[kind]}
        isOld={isOld}
        columns={[
          { id: 'count', title: words.count, isNumber: true, cell: (kind) => number(told[kind].count) },
          took('mean_seconds', words.mean, false),
          took('median_seconds', words.median, true),
          took('p90_seconds', words.p90, true),
        ]}
      />
    </Section>
  );
}

const METRICS = ['first_response', 'next_response', 'resolution'] as const satisfies Metric[];

function Promises({ told, isOld }: Part) {
  const words = useText(analyticsText);
  const names = useText(ticketText).sla;
  const { number } = useFormat();
  const rows = METRICS.flatMap((metric) => {
    const one = told.sla[metric];
    return one === undefined || one.attainment === null ? [] : [{ metric, ...one, attainment: one.attainment }];
  });
  return (
    <Section title={words.promises} about={words.promisesAbout}>
      {rows.length === 0 ? (
        <p>{words.noPromises}</p>
      ) : (
        <Table
          label={words.promises}
          rows={rows}
          keyOf={(one) => one.metric}
          nameTitle={words.what}
          name={(one) => names[one.metric]}
          isOld={isOld}
          columns={[
            {
              id: 'attainment',
              title: words.attainment,
              isNumber: true,
              cell: ({ attainment }) => (
                <Meter part={attainment} tone={attainment >= 0.95 ? 'ok' : attainment >= 0.8 ? 'warn' : 'bad'}>
                  {number(attainment, { style: 'percent', maximumFractionDigits: 1 })}
                </Meter>
              ),
            },
            { id: 'kept', title: words.kept, isNumber: true, cell: (one) => number(one.kept) },
            { id: 'broken', title: words.broken, isNumber: true, cell: (one) => number(one.broken) },
            {
              id: 'mean',
              title: words.mean,
              isNumber: true,
              cell: (one) => (one.mean_seconds === null ? '–' : spoken(one.mean_seconds)),
            },
          ]}
        />
      )}
    </Section>
  );
}

function People({ told: { members }, isOld }: Part) {
  const words = useText(analyticsText);
  const load = useText(loadText);
  const teams = useText(teamText);
  const { number } = useFormat();
  const most = Math.max(1, ...members.map((one) => one.resolved));
  const nameOf = ({ user_id, name }: (typeof members)[number]) =>
    user_id === null ? words.nobody : (name ?? words.gone);
  return (
    <Section title={words.members} about={words.membersAbout}>
      {members.length === 0 ? (
        <p>{words.noMembers}</p>
      ) : (
        <Table
          label={words.members}
          rows={members}
          keyOf={(one) => one.user_id ?? ''}
          nameTitle={teams.name}
          name={(one) => <span dir="auto">{nameOf(one)}</span>}
          beforeName={(one) =>
            one.user_id !== null && <Avatar name={nameOf(one)} availability={one.availability ?? undefined} />
          }
          belowName={(one) => !one.is_member && one.user_id !== null && <Chip>{words.notMember}</Chip>}
          isOld={isOld}
          columns={[
            {
              id: 'first',
              title: words.firstResponses,
              isNumber: true,
              cell: (one) => number(one.first_responses),
            },
            {
              id: 'resolved',
              title: words.resolved,
              isNumber: true,
              cell: (one) => <Meter part={one.resolved / most}>{number(one.resolved)}</Meter>,
            },
            {
              id: 'mean',
              title: words.meanResolution,
              isNumber: true,
              cell: (one) => (one.mean_resolution_seconds === null ? '–' : spoken(one.mean_resolution_seconds)),
            },
            {
              id: 'open',
              title: load.open,
              isNumber: true,
              cell: ({ open, capacity }) =>
                open !== null && (capacity === null ? number(open) : load.of(number(open), number(capacity))),
            },
          ]}
        />
      )}
    </Section>
  );
}
