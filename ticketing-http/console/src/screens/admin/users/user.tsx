import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api, ifVersion, ok } from '../../../api/client';
import { updateMe, useMe } from '../../../api/session';
import type { Role, User } from '../../../api/types';
import { date } from '../../../format';
import { useText } from '../../../text';
import { useOnce } from '../../../ui/use-once';
import { useLocale } from '../../../text/language';
import { Button } from '../../../ui/button';
import { CheckField, SelectField, TextField } from '../../../ui/field';
import { toast, toastError } from '../../../ui/toast';
import { useOrganizations } from '../data';
import { AreaHead } from '../area-head';
import { FormFrame } from '../../../ui/form';
import { Fields, Section } from '../../../ui/section';
import { Chip } from '../../../ui/chip';
import { OneOrNew } from '../one';
import { Pick } from '../../../ui/pick';
import { locales, timeZones } from '../../../ui/places';
import { useKept } from '../kept';
import { useForm } from '../../../ui/use-form';
import { ROLES } from './list';
import { userText } from './text';

interface Draft {
  name: string;
  email: string;
  role: Role;
  organization_id: string | null;
  locale: string | null;
  time_zone: string | null;
  is_active: boolean;
  password: string;
}

const load = (id: string, signal?: AbortSignal) =>
  ok(api.GET('/api/users/{id}', { params: { path: { id } }, ...(signal ? { signal } : {}) }));

export function UserPage({ id }: { id: string }) {
  return (
    <OneOrNew area="users" id={id} queryKey={['user', id]} load={(signal) => load(id, signal)}>
      {(stored) => <UserForm stored={stored} />}
    </OneOrNew>
  );
}

function UserForm({ stored }: { stored: User | undefined }) {
  const words = useText(userText);
  const me = useMe();
  const reader = useLocale();
  const kept = useKept<User>({ area: 'users', noun: 'user', nouns: 'users' });
  const organizations = useOrganizations();
  const { organization }: { organization?: string } = useSearch({ strict: false });
  const showMe = (user: User) => {
    if (user.id === me.id) updateMe(user);
  };
  const form = useForm({
    stored,
    read: (user: User | undefined): Draft => ({
      name: user?.name ?? '',
      email: user?.email ?? '',
      role: user?.role ?? 'customer',
      organization_id: user?.organization_id ?? (user === undefined ? (organization ?? null) : null),
      locale: user?.locale ?? null,
      time_zone: user?.time_zone ?? null,
      is_active: user?.is_active ?? true,
      password: '',
    }),
    write: (draft) => ({
      ...draft,
      name: draft.name.trim(),
      email: draft.email.trim(),
      organization_id: draft.role === 'customer' ? draft.organization_id : null,
    }),
    create: ({ is_active: _active, password, organization_id, ...rest }, header) =>
      ok(
        api.POST('/api/users', {
          params: { header },
          body: {
            ...rest,
            ...(password === '' ? {} : { password }),
            // Where nothing is said, the domain of the address decides.
            ...(organization_id === null ? {} : { organization_id }),
          },
        }),
      ),
    change: ({ password, ...part }, { id, version }) =>
      ok(
        api.PATCH('/api/users/{id}', {
          params: { path: { id }, header: ifVersion(version) },
          body: { ...part, ...(password === undefined || password === '' ? {} : { password }) },
        }),
      ),
    load: ({ id }) => load(id),
    ...kept.form,
    onTheirs: (user) => {
      showMe(user);
      kept.put(user);
    },
    onSaved: (user, isNew) => {
      showMe(user);
      kept.saved(user, isNew, isNew && form.draft.password === '' ? words.invited(user.email) : undefined);
    },
  });
  const { draft, set, error } = form;
  const isStaff = draft.role !== 'customer';
  return (
    <>
      <AreaHead
        area="users"
        title={stored?.name ?? words.newTitle}
        state={
          stored !== undefined && (
            <>
              {stored.id === me.id && <Chip tone="accent">{words.self}</Chip>}
              {!stored.is_active && <Chip>{words.inactive}</Chip>}
              <Chip>{words.since(date(stored.created_at))}</Chip>
            </>
          )
        }
      >
        {stored !== undefined && <MailLink email={stored.email} />}
      </AreaHead>
      <FormFrame
        form={form}
        names={{
          name: words.name,
          email: words.email,
          role: words.role,
          organization_id: words.organization,
          locale: words.language,
          time_zone: words.timeZone,
          is_active: words.isActive,
        }}
      >
        <Section title={words.person}>
          <Fields>
            <TextField
              label={words.name}
              value={draft.name}
              autoComplete="off"
              autoFocus={stored === undefined}
              error={error('name')}
              onChange={(event) => set({ name: event.target.value })}
            />
            <TextField
              label={words.email}
              type="email"
              autoComplete="off"
              value={draft.email}
              error={error('email')}
              onChange={(event) => set({ email: event.target.value })}
            />
            <Pick
              label={words.language}
              items={locales(reader)}
              value={draft.locale}
              hint={words.languageHint}
              error={error('locale')}
              onChange={(locale) => set({ locale })}
            />
            <Pick
              label={words.timeZone}
              items={timeZones()}
              value={draft.time_zone}
              hint={words.timeZoneHint}
              error={error('time_zone')}
              onChange={(time_zone) => set({ time_zone })}
            />
          </Fields>
        </Section>
        <Section title={words.access}>
          <Fields>
            <SelectField
              label={words.role}
              value={draft.role}
              hint={
                <>
                  {words.roleAbout[draft.role]} {stored !== undefined && stored.role !== draft.role && words.roleHint}
                </>
              }
              error={error('role')}
              onChange={(event) => set({ role: ROLES.find((one) => one === event.target.value) ?? draft.role })}
            >
              {ROLES.map((role) => (
                <option key={role} value={role}>
                  {words.roles[role]}
                </option>
              ))}
            </SelectField>
            <Pick
              label={words.organization}
              items={organizations.data ?? []}
              value={isStaff ? null : draft.organization_id}
              placeholder={words.noOrganization}
              isDisabled={isStaff}
              hint={isStaff ? words.staffHint : stored === undefined ? words.domainHint : undefined}
              error={error('organization_id')}
              onChange={(organization_id) => set({ organization_id })}
            />
            {stored === undefined && (
              <TextField
                label={words.password}
                type="password"
                autoComplete="new-password"
                value={draft.password}
                hint={words.passwordHint}
                error={error('password')}
                onChange={(event) => set({ password: event.target.value })}
              />
            )}
          </Fields>
          {stored !== undefined && (
            <CheckField
              label={words.isActive}
              hint={error('is_active') ?? words.isActiveHint}
              checked={draft.is_active}
              onChange={(event) => set({ is_active: event.target.checked })}
            />
          )}
        </Section>
      </FormFrame>
    </>
  );
}

function MailLink({ email }: { email: string }) {
  const words = useText(userText);
  const once = useOnce();
  const [isBusy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    try {
      const body = { email };
      await once(body, (header) => ok(api.POST('/api/auth/password/forgot', { params: { header }, body })));
      toast(words.mailed(email));
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button busy={isBusy} onClick={() => void send()}>
      {words.mailLink}
    </Button>
  );
}
