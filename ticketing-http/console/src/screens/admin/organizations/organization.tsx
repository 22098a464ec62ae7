import { Link } from '@tanstack/react-router';
import { UserPlus } from 'lucide-react';
import { api, ifVersion, ok } from '../../../api/client';
import type { Organization, User } from '../../../api/types';
import { number } from '../../../format';
import { useText } from '../../../text';
import { Avatar } from '../../../ui/avatar';
import { buttonClass } from '../../../ui/button';
import { CheckField, TextArea, TextField } from '../../../ui/field';
import { AreaHead } from '../area-head';
import { FormFrame } from '../../../ui/form';
import { Section, Stack } from '../../../ui/section';
import { Listing } from '../listing';
import { Chip } from '../../../ui/chip';
import { OneOrNew } from '../one';
import { useEndless } from '../../../api/paging';
import { useKept } from '../kept';
import { useForm } from '../../../ui/use-form';
import { userText } from '../users/text';
import { readDomains } from './domains';
import { Rate } from './rate';
import { organizationText } from './text';

interface Draft {
  name: string;
  domains: string;
  shares_tickets: boolean;
}

const load = (id: string, signal?: AbortSignal) =>
  ok(api.GET('/api/organizations/{id}', { params: { path: { id } }, ...(signal ? { signal } : {}) }));

export function OrganizationPage({ id }: { id: string }) {
  return (
    <OneOrNew area="organizations" id={id} queryKey={['organization', id]} load={(signal) => load(id, signal)}>
      {(stored) => <OrganizationForm stored={stored} />}
    </OneOrNew>
  );
}

function OrganizationForm({ stored }: { stored: Organization | undefined }) {
  const words = useText(organizationText);
  const kept = useKept<Organization>({ area: 'organizations', noun: 'organization', nouns: 'organizations' });
  const form = useForm({
    stored,
    read: (one: Organization | undefined): Draft => ({
      name: one?.name ?? '',
      domains: one?.domains.join('\n') ?? '',
      shares_tickets: one?.shares_tickets ?? false,
    }),
    write: (draft) => ({ ...draft, name: draft.name.trim(), domains: readDomains(draft.domains) }),
    create: (body, header) => ok(api.POST('/api/organizations', { params: { header }, body })),
    change: (body, { id, version }) =>
      ok(
        api.PATCH('/api/organizations/{id}', {
          params: { path: { id }, header: ifVersion(version) },
          body,
        }),
      ),
    load: ({ id }) => load(id),
    ...kept.form,
  });
  const { draft, set, error } = form;
  return (
    <>
      <AreaHead area="organizations" title={stored?.name ?? words.newTitle} />
      <Stack>
        <FormFrame form={form} names={{ name: words.name, domains: words.domains, shares_tickets: words.shares }}>
          <Section title={words.details}>
            <TextField
              label={words.name}
              value={draft.name}
              autoFocus={stored === undefined}
              error={error('name')}
              onChange={(event) => set({ name: event.target.value })}
            />
            <TextArea
              label={words.domains}
              rows={3}
              spellCheck={false}
              value={draft.domains}
              hint={words.domainsHint}
              error={form.errorIn('domains', readDomains(draft.domains))}
              onChange={(event) => set({ domains: event.target.value })}
            />
            <CheckField
              label={words.sharesLabel}
              hint={words.sharesHint}
              checked={draft.shares_tickets}
              onChange={(event) => set({ shares_tickets: event.target.checked })}
            />
          </Section>
          {stored !== undefined && <People organization={stored} />}
        </FormFrame>
        {stored !== undefined && <Rate organizationId={stored.id} />}
      </Stack>
    </>
  );
}

function People({ organization }: { organization: Organization }) {
  const words = useText(organizationText);
  const users = useText(userText);
  const asked = { organization_id: organization.id };
  const list = useEndless<User>(['users', asked], (cursor, signal) =>
    ok(api.GET('/api/users', { params: { query: { ...asked, cursor, limit: 50, count: true } }, signal })),
  );
  return (
    <Section
      title={list.total === undefined ? words.people : words.peopleCount(number(list.total))}
      actions={
        <Link
          to="/admin/$area/$id"
          params={{ area: 'users', id: 'new' }}
          search={{ organization: organization.id }}
          className={buttonClass('plain', 'small')}
        >
          <UserPlus size={14} />
          {words.addPerson}
        </Link>
      }
    >
      <Listing
        area="users"
        label={words.people}
        list={list}
        idOf={(user) => user.id}
        nameTitle={users.name}
        name={(user) => user.name}
        beforeName={(user) => <Avatar name={user.name} />}
        isFaint={(user) => !user.is_active}
        columns={[
          { id: 'email', title: users.email, cell: (user) => <span dir="auto">{user.email}</span> },
          { id: 'state', title: users.state, cell: (user) => !user.is_active && <Chip>{users.inactive}</Chip> },
        ]}
        empty={<p>{words.noPeople}</p>}
      />
    </Section>
  );
}
