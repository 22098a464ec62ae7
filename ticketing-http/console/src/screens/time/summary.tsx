/** Time summed up: by ticket, person, customer, company, or by days, weeks and months. */
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Clock } from 'lucide-react';
import { useDirectory, useOrganizations } from '../../api/directory';
import { useMe } from '../../api/session';
import { useFormat } from '../../format';
import { useText } from '../../text';
import { Empty } from '../../ui/empty';
import { SelectField, TextField } from '../../ui/field';
import { Loaded } from '../../ui/loaded';
import { Pick } from '../../ui/pick';
import { Table, type Column } from '../../ui/table';
import { PersonPick } from '../admin/person-pick';
import { amountDigits, toHundredths } from './amount';
import { mayManage, ticketOfLabel, useSummary, type GroupBy, type SummaryItem } from './data';
import { addDays, addMonths, isDay, lastOfMonth, mediumDay, mondayOf, monthText, rangeText, today } from './days';
import { moneysText } from './money';
import { pageText } from './page-text';
import styles from './page.module.css';
import { TotalFigures } from './totals';

const GROUPS = ['ticket', 'agent', 'customer', 'organization', 'day', 'week', 'month'] as const satisfies GroupBy[];

interface Stretch {
  from: string;
  to: string;
}

/** Nothing said is the month that is; all of it is said by a word of its own. */
const ALL = 'all';

function periods(now: string) {
  const [monday, first] = [mondayOf(now), addMonths(now, 0)];
  const before = addMonths(now, -1);
  return {
    week: { from: monday, to: addDays(monday, 6) },
    lastWeek: { from: addDays(monday, -7), to: addDays(monday, -1) },
    month: { from: first, to: lastOfMonth(now) },
    lastMonth: { from: before, to: lastOfMonth(before) },
    year: { from: `${now.slice(0, 4)}-01-01`, to: `${now.slice(0, 4)}-12-31` },
    all: { from: '', to: '' },
  } satisfies Record<string, Stretch>;
}

export function Summary() {
  const words = useText(pageText);
  const me = useMe();
  const { number } = useFormat();
  const navigate = useNavigate();
  const search: Partial<Record<string, string>> = useSearch({ strict: false });
  const { teams } = useDirectory();
  const organizations = useOrganizations();
  const known = periods(today());
  const isAll = search['period'] === ALL;
  const says = (name: string) => (isDay(search[name]) ? search[name] : undefined);
  const { from, to } = isAll ? known.all : { from: says('from') ?? known.month.from, to: says('to') ?? known.month.to };
  const period = (Object.keys(known) as (keyof typeof known)[]).find(
    (name) => known[name].from === from && known[name].to === to,
  );
  const by = GROUPS.find((one) => one === search['by']) ?? 'ticket';
  const billable = search['billable'] === 'yes' ? true : search['billable'] === 'no' ? false : undefined;
  const set = (part: Record<string, string | null | undefined>) =>
    void navigate({
      to: '.',
      search: Object.fromEntries(
        Object.entries({ ...search, ...part }).map(([name, value]) => [name, value ?? undefined]),
      ),
      replace: true,
    });
  const sums = useSummary({
    group_by: by,
    ...(from === '' ? {} : { from }),
    ...(to === '' ? {} : { to }),
    ...(search['of'] === undefined ? {} : { user_id: search['of'] }),
    ...(search['organization'] === undefined ? {} : { organization_id: search['organization'] }),
    ...(search['team'] === undefined ? {} : { team_id: search['team'] }),
    ...(billable === undefined ? {} : { billable }),
  });

  const columns: Column<SummaryItem>[] = [
    { id: 'hours', title: words.hours, isNumber: true, cell: (row) => amountDigits(toHundredths(row.hours)) },
    {
      id: 'billable',
      title: words.billable,
      isNumber: true,
      cell: (row) => amountDigits(toHundredths(row.billable_hours)),
    },
    { id: 'entries', title: words.entries, isNumber: true, cell: (row) => number(row.entries) },
    { id: 'earned', title: words.earned, isNumber: true, cell: (row) => moneysText(row.amounts) || null },
    ...(by === 'ticket' && !isAll
      ? [
          {
            id: 'all',
            title: words.inAll,
            isNumber: true,
            cell: (row: SummaryItem) =>
              row.total_hours !== undefined && (
                <span title={words.inAllHint}>{amountDigits(toHundredths(row.total_hours))}</span>
              ),
          },
        ]
      : []),
  ];
  return (
    <>
      <div className={styles.filters} role="search" aria-label={words.filters}>
        <SelectField label={words.by} value={by} onChange={(event) => set({ by: event.target.value })}>
          {GROUPS.map((one) => (
            <option key={one} value={one}>
              {words.groups[one]}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={words.period}
          value={period ?? 'own'}
          onChange={(event) => {
            const name = event.target.value as keyof typeof known | 'own';
            if (name === 'all') set({ period: ALL, from: null, to: null });
            else if (name !== 'own') set({ period: null, ...known[name] });
          }}
        >
          {(Object.keys(known) as (keyof typeof known)[]).map((name) => (
            <option key={name} value={name}>
              {words.periods[name]}
            </option>
          ))}
          <option value="own" disabled>
            {words.periods.own}
          </option>
        </SelectField>
        <TextField
          type="date"
          label={words.from}
          value={from}
          onChange={(event) => isDay(event.target.value) && set({ period: null, from: event.target.value, to })}
        />
        <TextField
          type="date"
          label={words.to}
          value={to}
          onChange={(event) => isDay(event.target.value) && set({ period: null, from, to: event.target.value })}
        />
        <PersonPick
          label={words.groups.agent}
          placeholder={words.everybody}
          value={search['of'] ?? null}
          roles={['agent', 'manager', 'admin']}
          onChange={(of) => set({ of })}
        />
        <Pick
          label={words.organization}
          placeholder={words.every}
          items={[...organizations.values()]}
          value={search['organization'] ?? null}
          onChange={(organization) => set({ organization })}
        />
        <Pick
          label={words.team}
          placeholder={words.every}
          items={[...teams.values()]}
          value={search['team'] ?? null}
          onChange={(team) => set({ team })}
        />
        <SelectField
          label={words.billable}
          value={search['billable'] ?? ''}
          onChange={(event) => set({ billable: event.target.value })}
        >
          <option value="">{words.both}</option>
          <option value="yes">{words.billable}</option>
          <option value="no">{words.notBillable}</option>
        </SelectField>
      </div>
      <Loaded of={sums}>
        {({ items, totals }) =>
          items.length === 0 ? (
            <Empty icon={<Clock size={22} />} title={words.none}>
              {words.noneBody}
            </Empty>
          ) : (
            <>
              <TotalFigures totals={totals} />
              <Table
                label={words.sums}
                rows={items}
                keyOf={(row) => row.key ?? ''}
                nameTitle={words.groups[by]}
                name={(row) => <Name by={by} row={row} />}
                columns={columns}
              />
            </>
          )
        }
      </Loaded>
      {!mayManage(me) && <p className={styles.zone}>{words.visible}</p>}
    </>
  );
}

function Name({ by, row: { key, label } }: { by: GroupBy; row: SummaryItem }) {
  const words = useText(pageText);
  if (key === null) return words.noOrganization;
  if (by === 'day') return mediumDay(key);
  if (by === 'week') return rangeText(key, addDays(key, 6));
  if (by === 'month') return monthText(`${key}-01`);
  if (by !== 'ticket') return <span dir="auto">{label}</span>;
  const { number, subject } = ticketOfLabel(label ?? '');
  return (
    <Link to="/tickets/$ticket" params={{ ticket: number }} dir="auto">
      {subject === '' ? number : subject}
    </Link>
  );
}
