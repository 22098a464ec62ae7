import { Link } from '@tanstack/react-router';
import { api, ifVersion, ok } from '../../../api/client';
import { useMe } from '../../../api/session';
import type { Role, Schemas, Team } from '../../../api/types';
import { NotFound } from '../../../app/not-found';
import { useText } from '../../../text';
import { CheckField, SelectField, TextArea, TextField } from '../../../ui/field';
import { ConfirmButton } from '../../../ui/confirm';
import { useCalendars } from '../data';
import { AreaHead } from '../area-head';
import { FormFrame } from '../../../ui/form';
import { Fields, Section, wide } from '../../../ui/section';
import { Chip } from '../../../ui/chip';
import { OneOrNew } from '../one';
import { useFilter } from '../filter';
import { useKept } from '../kept';
import panels from '../panels.module.css';
import { adminText } from '../text';
import { useForm } from '../../../ui/use-form';
import { routingText } from '../../../ui/routing-text';
import { Analytics } from './analytics';
import { Decisions } from './decisions';
import { TeamLoad } from './load';
import { Members } from './members';
import { teamText } from './text';

interface Draft {
  name: string;
  description: string;
  routing: Schemas['Routing'];
  capacity: string;
  calendar_id: string | null;
  is_active: boolean;
}

const ROUTINGS = ['manual', 'round_robin', 'least_loaded'] as const satisfies Schemas['Routing'][];

const NAMES = { area: 'teams', noun: 'team', nouns: 'teams' } as const;

const load = (id: string, signal?: AbortSignal) =>
  ok(api.GET('/api/teams/{id}', { params: { path: { id } }, ...(signal ? { signal } : {}) }));

/** What is shown of a team, and from which role on. */
const TABS = [
  { id: 'team', roles: ['manager', 'admin'] },
  { id: 'load', roles: ['agent', 'manager', 'admin'] },
  { id: 'routing', roles: ['agent', 'manager', 'admin'] },
  { id: 'analytics', roles: ['manager', 'admin'] },
] as const satisfies { id: keyof typeof teamText.en.tabs; roles: Role[] }[];

type Tab = (typeof TABS)[number]['id'];

export function TeamPage({ id }: { id: string }) {
  const { role } = useMe();
  const [{ tab }] = useFilter();
  const tabs = TABS.filter(({ roles }) => roles.some((one) => one === role)).map((one) => one.id);
  const shown = tabs.find((one) => one === tab) ?? tabs[0];
  return (
    <OneOrNew area="teams" id={id} queryKey={['team', id]} load={(signal) => load(id, signal)}>
      {(stored) => {
        if (stored === undefined) return tabs.includes('team') ? <TeamForm stored={stored} /> : <NotFound />;
        return (
          <>
            <Head team={stored} canChange={tabs.includes('team')} />
            <Tabs team={stored} tabs={tabs} shown={shown} />
            {tabs.includes('team') && (
              // What is written stays while one looks at the rest.
              <div hidden={shown !== 'team'}>
                <TeamForm stored={stored} />
                <Members team={stored} />
              </div>
            )}
            {shown === 'load' && <TeamLoad team={stored} />}
            {shown === 'routing' && <Decisions team={stored} />}
            {shown === 'analytics' && <Analytics team={stored} />}
          </>
        );
      }}
    </OneOrNew>
  );
}

function Head({ team, canChange }: { team: Team; canChange: boolean }) {
  const words = useText(teamText);
  const admin = useText(adminText);
  const kept = useKept<Team>(NAMES);
  const remove = async () => {
    await ok(api.DELETE('/api/teams/{id}', { params: { path: { id: team.id }, header: ifVersion(team.version) } }));
    await kept.gone({
      id: team.id,
      deleted: words.deleted,
      inactive: { load: () => load(team.id), said: words.madeInactive },
    });
  };
  return (
    <AreaHead area="teams" title={team.name} state={!team.is_active && <Chip>{admin.inactive}</Chip>}>
      {canChange && team.is_active && (
        <ConfirmButton label={words.delete} title={words.deleteTitle(team.name)} action={admin.delete} run={remove}>
          {words.deleteBody}
        </ConfirmButton>
      )}
    </AreaHead>
  );
}

function Tabs({ team, tabs, shown }: { team: Team; tabs: readonly Tab[]; shown: Tab | undefined }) {
  const words = useText(teamText);
  return (
    <nav className={panels.tabs} aria-label={team.name}>
      {tabs.map((one, at) => (
        <Link
          key={one}
          to="/admin/$area/$id"
          params={{ area: 'teams', id: team.id }}
          search={at === 0 ? {} : { tab: one }}
          className={panels.tab}
          // The router's own notion does not know of what stands behind the question mark.
          aria-current={one === shown ? 'page' : undefined}
          activeOptions={{ exact: true }}
        >
          {words.tabs[one]}
        </Link>
      ))}
    </nav>
  );
}

function TeamForm({ stored }: { stored: Team | undefined }) {
  const words = useText(teamText);
  const routing = useText(routingText);
  const kept = useKept<Team>(NAMES);
  const calendars = useCalendars();
  const form = useForm({
    stored,
    read: (team: Team | undefined): Draft => ({
      name: team?.name ?? '',
      description: team?.description ?? '',
      routing: team?.routing ?? 'manual',
      capacity: team?.capacity == null ? '' : String(team.capacity),
      calendar_id: team?.calendar_id ?? null,
      is_active: team?.is_active ?? true,
    }),
    write: (draft) => ({
      ...draft,
      name: draft.name.trim(),
      description: draft.description.trim() || null,
      capacity: draft.capacity.trim() === '' ? null : Number(draft.capacity),
    }),
    create: ({ is_active: _active, ...body }, header) => ok(api.POST('/api/teams', { params: { header }, body })),
    change: (body, { id, version }) =>
      ok(api.PATCH('/api/teams/{id}', { params: { path: { id }, header: ifVersion(version) }, body })),
    load: ({ id }) => load(id),
    ...kept.form,
  });
  const { draft, set, error } = form;
  return (
    <>
      {stored === undefined && <AreaHead area="teams" title={words.newTitle} />}
      <FormFrame
        form={form}
        names={{
          name: words.name,
          description: words.description,
          routing: words.routing,
          capacity: words.capacity,
          calendar_id: words.calendar,
          is_active: words.isActive,
        }}
      >
        <Section title={words.details}>
          <Fields>
            <TextField
              label={words.name}
              className={wide}
              value={draft.name}
              autoFocus={stored === undefined}
              error={error('name')}
              onChange={(event) => set({ name: event.target.value })}
            />
            <TextArea
              label={words.description}
              className={wide}
              rows={2}
              value={draft.description}
              error={error('description')}
              onChange={(event) => set({ description: event.target.value })}
            />
            <SelectField
              label={words.calendar}
              value={draft.calendar_id ?? ''}
              hint={words.calendarHint}
              error={error('calendar_id')}
              onChange={(event) => set({ calendar_id: event.target.value || null })}
            >
              <option value="">{words.deskCalendar}</option>
              {calendars.data?.map((calendar) => (
                <option key={calendar.id} value={calendar.id}>
                  {calendar.name}
                </option>
              ))}
            </SelectField>
            <SelectField
              label={words.routing}
              value={draft.routing}
              hint={words.routingHint}
              error={error('routing')}
              onChange={(event) =>
                set({ routing: ROUTINGS.find((one) => one === event.target.value) ?? draft.routing })
              }
            >
              {ROUTINGS.map((one) => (
                <option key={one} value={one}>
                  {routing.routings[one]}
                </option>
              ))}
            </SelectField>
            <TextField
              label={words.capacity}
              type="number"
              min={0}
              value={draft.capacity}
              hint={words.capacityHint}
              error={error('capacity')}
              onChange={(event) => set({ capacity: event.target.value })}
            />
          </Fields>
          {stored !== undefined && (
            <CheckField
              label={words.isActive}
              checked={draft.is_active}
              onChange={(event) => set({ is_active: event.target.checked })}
            />
          )}
        </Section>
      </FormFrame>
    </>
  );
}
