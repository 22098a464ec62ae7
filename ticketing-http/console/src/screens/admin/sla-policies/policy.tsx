import { api, ifVersion, ok } from '../../../api/client';
import type { Schemas, Status } from '../../../api/types';
import { useText } from '../../../text';
import { ticketText } from '../../../ui/badge';
import { CheckField, SelectField, TextArea, TextField } from '../../../ui/field';
import { ConfirmButton } from '../../../ui/confirm';
import { useCalendars } from '../data';
import { readDuration, readWarning } from '../durations';
import { AreaHead } from '../area-head';
import { FormFrame } from '../../../ui/form';
import { Fields, Section, wide } from '../../../ui/section';
import { Chip } from '../../../ui/chip';
import { OneOrNew } from '../one';
import { useKept } from '../kept';
import { adminText } from '../text';
import { useForm } from '../../../ui/use-form';
import { WhatIf } from '../what-if';
import { Breach, type OnBreach } from './breach';
import { ConditionList, useFields } from './condition-list';
import { asList, asTest, shapeOf, written, type AskedField } from './conditions';
import styles from './policy.module.css';
import { TargetGrid, hasBadTarget, readTargets, writeTargets, type Targets } from './targets';
import { policyText } from './text';

type SlaPolicy = Schemas['SlaPolicy'];
type Body = Omit<Schemas['NewSlaPolicy'], 'conditions'> & { conditions: unknown[] | Record<string, unknown> };

interface Draft {
  name: string;
  description: string;
  position: string;
  conditions: unknown[];
  match: Schemas['Matching'];
  calendar_id: string | null;
  targets: Targets;
  pause_on: Status[];
  warn_before: string;
  on_breach: OnBreach;
  is_active: boolean;
}

/** The states in which a ticket can wait. */
const PAUSES = ['open', 'in_progress', 'pending', 'on_hold'] as const satisfies Status[];

const load = (id: string, signal?: AbortSignal) =>
  ok(api.GET('/api/sla-policies/{id}', { params: { path: { id } }, ...(signal ? { signal } : {}) }));

function read(policy: SlaPolicy | undefined): Draft {
  return {
    name: policy?.name ?? '',
    description: policy?.description ?? '',
    position: policy === undefined ? '' : String(policy.position),
    conditions: policy === undefined ? [] : asList(policy.conditions),
    match: policy?.match ?? 'all',
    calendar_id: policy?.calendar_id ?? null,
    targets: readTargets(policy?.targets),
    pause_on: policy?.pause_on ?? ['pending', 'on_hold'],
    warn_before: policy === undefined ? '20%' : (policy.warn_before ?? ''),
    on_breach: {
      escalate: policy?.on_breach?.escalate ?? false,
      to: policy?.on_breach?.to ?? null,
      raise_priority: policy?.on_breach?.raise_priority ?? false,
    },
    is_active: policy?.is_active ?? true,
  };
}

function write(draft: Draft, stored: SlaPolicy | undefined, fields: readonly AskedField[]): Body {
  const { escalate, to, raise_priority } = draft.on_breach;
  return {
    name: draft.name.trim(),
    description: draft.description.trim() || null,
    ...(draft.position.trim() === '' ? {} : { position: Number(draft.position) }),
    conditions: written(draft.conditions, fields, stored?.conditions) as Body['conditions'],
    match: draft.match,
    calendar_id: draft.calendar_id,
    targets: writeTargets(draft.targets),
    pause_on: PAUSES.filter((status) => draft.pause_on.includes(status)),
    warn_before: draft.warn_before.trim() === '' ? null : (readWarning(draft.warn_before) ?? draft.warn_before),
    on_breach: escalate || raise_priority ? { escalate, raise_priority, ...(escalate ? { to } : {}) } : null,
    is_active: draft.is_active,
  };
}

export function PolicyPage({ id }: { id: string }) {
  return (
    <OneOrNew area="sla-policies" id={id} queryKey={['sla-policy', id]} load={(signal) => load(id, signal)}>
      {(stored) => <PolicyForm stored={stored} />}
    </OneOrNew>
  );
}

function PolicyForm({ stored }: { stored: SlaPolicy | undefined }) {
  const words = useText(policyText);
  const admin = useText(adminText);
  const tickets = useText(ticketText);
  const kept = useKept<SlaPolicy>({ area: 'sla-policies', noun: 'sla-policy', nouns: 'sla-policies' });
  const calendars = useCalendars();
  const fields = useFields();
  const form = useForm({
    stored,
    read,
    write: (draft) => write(draft, stored, fields),
    // Durations say at their field what is wrong, as one types.
    check: (draft): Record<string, string> => ({
      ...(hasBadTarget(draft.targets) ? { targets: '' } : {}),
      ...(Object.keys(writeTargets(draft.targets)).length === 0 ? { targets: words.noTarget } : {}),
      ...(hasBadDuration(draft.conditions, fields) ? { conditions: '' } : {}),
      ...(isBadWarning(draft.warn_before) ? { warn_before: words.badWarn } : {}),
    }),
    create: (body, header) => ok(api.POST('/api/sla-policies', { params: { header }, body })),
    change: (body, { id, version }) =>
      ok(
        api.PATCH('/api/sla-policies/{id}', {
          params: { path: { id }, header: ifVersion(version) },
          body,
        }),
      ),
    load: ({ id }) => load(id),
    ...kept.form,
  });
  const { draft, set, error } = form;
  const remove = async (policy: SlaPolicy) => {
    await ok(
      api.DELETE('/api/sla-policies/{id}', {
        params: { path: { id: policy.id }, header: ifVersion(policy.version) },
      }),
    );
    await kept.gone({ id: policy.id, deleted: words.deleted });
  };
  const noTarget = form
    .errorsIn('targets')
    .filter((one) => one.field.split('.').length < 3 && one.message !== '')
    .map((one) => one.message)[0];
  return (
    <>
      <AreaHead
        area="sla-policies"
        title={stored?.name ?? words.newTitle}
        state={
          stored?.is_broken === true ? (
            <Chip tone="warn">{words.broken}</Chip>
          ) : (
            stored?.is_active === false && <Chip>{admin.inactive}</Chip>
          )
        }
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
          description: words.description,
          position: words.position,
          conditions: words.conditions,
          match: words.match,
          calendar_id: words.calendar,
          targets: words.targets,
          pause_on: words.pauseOn,
          warn_before: words.warn,
          on_breach: words.breach,
          is_active: words.isActive,
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
            <TextField
              label={words.position}
              type="number"
              min={0}
              value={draft.position}
              hint={words.positionHint}
              error={error('position')}
              onChange={(event) => set({ position: event.target.value })}
            />
            <TextArea
              label={words.description}
              className={wide}
              rows={2}
              value={draft.description}
              error={error('description')}
              onChange={(event) => set({ description: event.target.value })}
            />
          </Fields>
          <CheckField
            label={words.isActive}
            checked={draft.is_active}
            onChange={(event) => set({ is_active: event.target.checked })}
          />
        </Section>
        <Section
          title={words.conditions}
          about={stored?.is_broken === true ? words.brokenAbout : words.conditionsAbout}
        >
          <ConditionList
            conditions={draft.conditions}
            match={draft.match}
            onChange={(conditions) => set({ conditions })}
            onMatch={(match) => set({ match })}
            errors={form.errorsIn('conditions')}
          />
        </Section>
        <Section title={words.targets} about={words.targetsAbout}>
          <TargetGrid targets={draft.targets} onChange={(targets) => set({ targets })} error={error} />
          {noTarget !== undefined && (
            <p role="alert" className={styles.error}>
              {noTarget}
            </p>
          )}
        </Section>
        <Section title={words.clock}>
          <Fields>
            <SelectField
              label={words.calendar}
              value={draft.calendar_id ?? ''}
              hint={words.calendarHint}
              error={error('calendar_id')}
              onChange={(event) => set({ calendar_id: event.target.value || null })}
            >
              <option value="">{words.teamCalendar}</option>
              {calendars.data?.map((calendar) => (
                <option key={calendar.id} value={calendar.id}>
                  {calendar.name}
                </option>
              ))}
            </SelectField>
            <TextField
              label={words.warn}
              dir="ltr"
              autoComplete="off"
              value={draft.warn_before}
              hint={words.warnHint}
              error={isBadWarning(draft.warn_before) ? words.badWarn : error('warn_before')}
              onChange={(event) => set({ warn_before: event.target.value })}
            />
          </Fields>
          <fieldset className={styles.pauses}>
            <legend className={styles.legend}>{words.pauseOn}</legend>
            {PAUSES.map((status) => (
              <CheckField
                key={status}
                label={tickets.status[status]}
                checked={draft.pause_on.includes(status)}
                onChange={(event) =>
                  set({
                    pause_on: PAUSES.filter((one) =>
                      one === status ? event.target.checked : draft.pause_on.includes(one),
                    ),
                  })
                }
              />
            ))}
          </fieldset>
        </Section>
        <Section title={words.breach}>
          <Breach value={draft.on_breach} error={error('on_breach.to')} onChange={(on_breach) => set({ on_breach })} />
        </Section>
        <WhatIf
          draft={{
            // What has no name yet can be tried all the same.
            policy: { ...write(draft, stored, fields), name: draft.name.trim() || words.newTitle },
            ...(stored === undefined ? {} : { replaces: stored.id }),
          }}
        />
      </FormFrame>
    </>
  );
}

function isBadWarning(typed: string): boolean {
  return typed.trim() !== '' && readWarning(typed) === undefined;
}

function hasBadDuration(conditions: readonly unknown[], fields: readonly AskedField[]): boolean {
  return conditions.some((part) => {
    const known = asTest(part, fields);
    if (known === undefined || shapeOf(known.field, known.operator) !== 'duration') return false;
    return readDuration(String(known.test.value)) === undefined;
  });
}
