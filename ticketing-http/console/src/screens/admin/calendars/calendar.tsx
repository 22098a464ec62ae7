import { Link } from '@tanstack/react-router';
import { Fragment, useState } from 'react';
import { api, ifVersion, ok } from '../../../api/client';
import type { Schemas } from '../../../api/types';
import { useText } from '../../../text';
import { timeZone } from '../../../text/language';
import { CheckField, TextField } from '../../../ui/field';
import { ConfirmButton } from '../../../ui/confirm';
import { usePolicies, useTeams } from '../data';
import { AreaHead } from '../area-head';
import { FormFrame } from '../../../ui/form';
import { Fields, Section } from '../../../ui/section';
import { Chip } from '../../../ui/chip';
import { OneOrNew } from '../one';
import { Pick } from '../../../ui/pick';
import { timeZones } from '../../../ui/places';
import { useKept } from '../kept';
import { adminText } from '../text';
import { useForm } from '../../../ui/use-form';
import { WhatIf } from '../what-if';
import { Holidays } from './holidays';
import { DAYS, emptyWeek, writtenWeek, wrongSlot, type Holiday, type Period, type Week } from './hours';
import { ImportButton } from './import';
import { Periods } from './periods';
import styles from './calendar.module.css';
import { calendarText } from './text';
import { WeekEditor } from './week';
import { YearView } from './year';

type Calendar = Schemas['Calendar'];

interface Draft {
  name: string;
  time_zone: string;
  weekly_hours: Week;
  holidays: Holiday[];
  periods: Period[];
  is_default: boolean;
}

const load = (id: string, signal?: AbortSignal) =>
  ok(api.GET('/api/calendars/{id}', { params: { path: { id } }, ...(signal ? { signal } : {}) }));

const usualWeek = () =>
  emptyWeek((day) => (day === 'saturday' || day === 'sunday' ? [] : [{ start: '09:00', end: '17:00' }]));

function read(calendar: Calendar | undefined): Draft {
  return {
    name: calendar?.name ?? '',
    time_zone: calendar?.time_zone ?? timeZone() ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    weekly_hours: calendar?.weekly_hours ?? usualWeek(),
    holidays: calendar?.holidays ?? [],
    periods: calendar?.periods ?? [],
    is_default: calendar?.is_default ?? false,
  };
}

function write(draft: Draft) {
  return {
    ...draft,
    name: draft.name.trim(),
    weekly_hours: writtenWeek(draft.weekly_hours),
    periods: draft.periods.map((period) => ({
      ...period,
      name: period.name?.trim() || null,
      weekly_hours: writtenWeek(period.weekly_hours),
    })),
  };
}

const isWrong = (week: Week) => DAYS.some((day) => week[day].some((_, at) => wrongSlot(week[day], at) !== undefined));

export function CalendarPage({ id }: { id: string }) {
  return (
    <OneOrNew area="calendars" id={id} queryKey={['calendar', id]} load={(signal) => load(id, signal)}>
      {(stored) => <CalendarForm stored={stored} />}
    </OneOrNew>
  );
}

function CalendarForm({ stored }: { stored: Calendar | undefined }) {
  const words = useText(calendarText);
  const admin = useText(adminText);
  const kept = useKept<Calendar>({ area: 'calendars', noun: 'calendar', nouns: 'calendars' });
  // Counts the holidays that were added from the year, to go to the newest.
  const [added, setAdded] = useState(0);
  const form = useForm({
    stored,
    read,
    write,
    // The week's own fields say what is wrong as one types.
    check: (draft): Record<string, string> =>
      isWrong(draft.weekly_hours) || draft.periods.some((period) => isWrong(period.weekly_hours))
        ? { weekly_hours: '' }
        : {},
    create: (body, header) => ok(api.POST('/api/calendars', { params: { header }, body })),
    change: (body, { id, version }) =>
      ok(
        api.PATCH('/api/calendars/{id}', {
          params: { path: { id }, header: ifVersion(version) },
          body,
        }),
      ),
    load: ({ id }) => load(id),
    ...kept.form,
  });
  const { draft, set, error } = form;
  const remove = async (calendar: Calendar) => {
    await ok(
      api.DELETE('/api/calendars/{id}', {
        params: { path: { id: calendar.id }, header: ifVersion(calendar.version) },
      }),
    );
    await kept.gone({ id: calendar.id, deleted: words.deleted });
  };
  return (
    <>
      <AreaHead
        area="calendars"
        title={stored?.name ?? words.newTitle}
        state={stored?.is_default === true && <Chip tone="accent">{words.default}</Chip>}
      >
        {stored !== undefined && (
          <ConfirmButton
            label={words.delete}
            title={words.deleteTitle(stored.name)}
            action={admin.delete}
            run={() => remove(stored)}
          >
            {words.deleteBody}
          </ConfirmButton>
        )}
      </AreaHead>
      <FormFrame
        form={form}
        names={{
          name: words.name,
          time_zone: words.timeZone,
          weekly_hours: words.week,
          holidays: words.holidays,
          periods: words.periods,
          is_default: words.default,
        }}
      >
        <Section title={words.details}>
          <Fields>
            <TextField
              label={words.name}
              value={draft.name}
              autoFocus={stored === undefined}
              error={error('name')}
              onChange={(event) => set({ name: event.target.value })}
            />
            <Pick
              label={words.timeZone}
              items={timeZones()}
              value={draft.time_zone}
              canBeEmpty={false}
              hint={words.timeZoneHint}
              error={error('time_zone')}
              onChange={(time_zone) => time_zone !== null && set({ time_zone })}
            />
          </Fields>
          <CheckField
            label={words.isDefault}
            hint={words.isDefaultHint}
            checked={draft.is_default}
            onChange={(event) => set({ is_default: event.target.checked })}
          />
          {stored !== undefined && <UsedBy calendar={stored} />}
        </Section>
        <Section title={words.week} about={words.weekAbout}>
          <WeekEditor
            week={draft.weekly_hours}
            onChange={(weekly_hours) => set({ weekly_hours })}
            error={(field) => error(`weekly_hours.${field}`)}
          />
        </Section>
        <Section title={words.year}>
          <YearView
            hours={draft}
            onMakeHoliday={(date) => {
              set({ holidays: [...draft.holidays, { date, name: '' }] });
              setAdded(added + 1);
            }}
          />
        </Section>
        <Holidays holidays={draft.holidays} onChange={(holidays) => set({ holidays })} error={error} focusLast={added}>
          {stored !== undefined && (
            <ImportButton
              id={stored.id}
              onAdded={async (holidays) => {
                const newest = await load(stored.id);
                kept.put(newest);
                // Holidays that were changed here and are still to be saved do not have the new ones.
                form.rebase(newest, (changed) =>
                  changed.holidays === undefined
                    ? changed
                    : { ...changed, holidays: [...changed.holidays, ...holidays] },
                );
              }}
            />
          )}
        </Holidays>
        <Periods
          periods={draft.periods}
          usual={draft.weekly_hours}
          onChange={(periods) => set({ periods })}
          error={error}
        />
        {stored !== undefined && <WhatIf draft={{ calendar: write(draft), replaces: stored.id }} />}
      </FormFrame>
    </>
  );
}

function UsedBy({ calendar }: { calendar: Calendar }) {
  const words = useText(calendarText);
  const teams = useTeams();
  const policies = usePolicies();
  if (teams.data === undefined || policies.data === undefined) return null;
  const users = [
    ...teams.data
      .filter((team) => team.calendar_id === calendar.id)
      .map(({ id, name }) => ({ area: 'teams', id, name })),
    ...policies.data
      .filter((policy) => policy.calendar_id === calendar.id)
      .map(({ id, name }) => ({ area: 'sla-policies', id, name })),
  ];
  if (users.length === 0 && !calendar.is_default) return <p>{words.usedByNone}</p>;
  return (
    <p>
      {words.usedBy}{' '}
      {users.map((user, at) => (
        <Fragment key={user.id}>
          {at > 0 && ', '}
          <Link to="/admin/$area/$id" params={{ area: user.area, id: user.id }} className={styles.user} dir="auto">
            {user.name}
          </Link>
        </Fragment>
      ))}
      {calendar.is_default && `${users.length > 0 ? ', ' : ''}${words.usedByOthers}`}
    </p>
  );
}
