import { api, ifVersion, ok } from '../../../api/client';
import type { Schemas, Team } from '../../../api/types';
import { useText } from '../../../text';
import { CheckField, SelectField, TextArea, TextField } from '../../../ui/field';
import { ConfirmButton } from '../../../ui/confirm';
import { useCalendars } from '../data';
import { AreaHead } from '../area-head';
import { FormFrame } from '../../../ui/form';
import { Fields, Section, wide } from '../../../ui/section';
import { Chip } from '../../../ui/chip';
import { OneOrNew } from '../one';
import { useKept } from '../kept';
import { adminText } from '../text';
import { useForm } from '../../../ui/use-form';
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

const ROUTINGS = ['manual'] as const satisfies Schemas['Routing'][];

const load = (id: string, signal?: AbortSignal) =>
  ok(api.GET('/api/teams/{id}', { params: { path: { id } }, ...(signal ? { signal } : {}) }));

export function TeamPage({ id }: { id: string }) {
  return (
    <OneOrNew area="teams" id={id} queryKey={['team', id]} load={(signal) => load(id, signal)}>
      {(stored) => <TeamForm stored={stored} />}
    </OneOrNew>
  );
}

function TeamForm({ stored }: { stored: Team | undefined }) {
  const words = useText(teamText);
  const admin = useText(adminText);
  const kept = useKept<Team>({ area: 'teams', noun: 'team', nouns: 'teams' });
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
  const remove = async (team: Team) => {
    await ok(api.DELETE('/api/teams/{id}', { params: { path: { id: team.id }, header: ifVersion(team.version) } }));
    await kept.gone({
      id: team.id,
      deleted: words.deleted,
      inactive: { load: () => load(team.id), said: words.madeInactive },
    });
  };
  return (
    <>
      <AreaHead
        area="teams"
        title={stored?.name ?? words.newTitle}
        state={stored?.is_active === false && <Chip>{admin.inactive}</Chip>}
      >
        {stored?.is_active === true && (
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
              {ROUTINGS.map((routing) => (
                <option key={routing} value={routing}>
                  {words.routings[routing]}
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
      {stored !== undefined && <Members team={stored} />}
    </>
  );
}
