import { useRef } from 'react';
import { api, ok } from '../../../api/client';
import type { Role, User } from '../../../api/types';
import { number } from '../../../format';
import { useCommands } from '../../../keys/commands';
import { useText } from '../../../text';
import { Avatar } from '../../../ui/avatar';
import { Button } from '../../../ui/button';
import { Empty } from '../../../ui/empty';
import { SelectField, TextField } from '../../../ui/field';
import { Ago } from '../../../ui/time';
import { areaText } from '../areas';
import { useOrganizations } from '../data';
import { useFilter } from '../filter';
import { useRested } from '../../../ui/use-rested';
import { AreaHead, Filters } from '../area-head';
import { Listing } from '../listing';
import { Chip } from '../../../ui/chip';
import type { Column } from '../../../ui/table';
import { useEndless } from '../../../api/paging';
import { Pick } from '../../../ui/pick';
import { adminText } from '../text';
import { userText } from './text';
import styles from './users.module.css';

export const ROLES: readonly Role[] = ['customer', 'agent', 'manager', 'admin'];

export function UserList() {
  const words = useText(userText);
  const admin = useText(adminText);
  const areas = useText(areaText);
  const [filter, setFilter] = useFilter();
  const field = useRef<HTMLDivElement>(null);
  const organizations = useOrganizations();
  const q = useRested(filter['q']?.trim() ?? '');
  const role = ROLES.find((one) => one === filter['role']);
  const active = filter['active'];
  const organization = filter['organization'];
  const asked = {
    ...(q === '' ? {} : { q }),
    ...(role === undefined ? {} : { role: [role] }),
    ...(active === undefined ? {} : { is_active: active === 'yes' }),
    ...(organization === undefined ? {} : { organization_id: organization }),
  };
  const list = useEndless<User>(['users', asked], (cursor, signal) =>
    ok(api.GET('/api/users', { params: { query: { ...asked, cursor, limit: 100, count: true } }, signal })),
  );
  useCommands([
    {
      id: 'admin.find',
      group: admin.group,
      title: admin.find,
      keys: ['/'],
      run: () => field.current?.querySelector('input')?.focus(),
    },
  ]);
  const columns: Column<User>[] = [
    {
      id: 'email',
      title: words.email,
      cell: (user) => (
        <span dir="auto" className={styles.email}>
          {user.email}
        </span>
      ),
    },
    { id: 'role', title: words.role, cell: (user) => words.roles[user.role] },
    {
      id: 'organization',
      title: words.organization,
      cell: (user) =>
        user.organization_id !== null && (
          <span dir="auto">{organizations.data?.find((one) => one.id === user.organization_id)?.name}</span>
        ),
    },
    { id: 'changed', title: words.lastChange, isNarrow: true, cell: (user) => <Ago at={user.updated_at} /> },
    { id: 'state', title: words.state, cell: (user) => !user.is_active && <Chip>{words.inactive}</Chip> },
  ];
  const isFiltered = Object.keys(asked).length > 0;
  return (
    <>
      <AreaHead area="users" about={words.about} newLabel={words.add} />
      <Filters>
        <div ref={field} className={styles.search}>
          <TextField
            label={words.search}
            type="search"
            value={filter['q'] ?? ''}
            onChange={(event) => setFilter({ q: event.target.value || undefined })}
          />
        </div>
        <SelectField
          label={words.role}
          value={role ?? ''}
          onChange={(event) => setFilter({ role: event.target.value || undefined })}
        >
          <option value="">{words.anyRole}</option>
          {ROLES.map((one) => (
            <option key={one} value={one}>
              {words.roles[one]}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={words.state}
          value={active ?? ''}
          onChange={(event) => setFilter({ active: event.target.value || undefined })}
        >
          <option value="">{words.anyState}</option>
          <option value="yes">{words.active}</option>
          <option value="no">{words.inactive}</option>
        </SelectField>
        <Pick
          className={styles.organization ?? ''}
          label={words.organization}
          placeholder={words.anyOrganization}
          items={organizations.data ?? []}
          value={organization ?? null}
          onChange={(id) => setFilter({ organization: id ?? undefined })}
        />
        <p className={styles.count} role="status">
          {list.total !== undefined && !list.isOld && words.count(number(list.total))}
        </p>
      </Filters>
      <Listing
        area="users"
        label={areas.users}
        list={list}
        idOf={(one) => one.id}
        nameTitle={words.name}
        name={(user) => user.name}
        beforeName={(user) => <Avatar name={user.name} />}
        columns={columns}
        isFaint={(user) => !user.is_active}
        empty={
          <Empty
            title={words.noneTitle}
            action={
              isFiltered && (
                <Button
                  onClick={() =>
                    setFilter({ q: undefined, role: undefined, active: undefined, organization: undefined })
                  }
                >
                  {words.clear}
                </Button>
              )
            }
          >
            {words.none}
          </Empty>
        }
      />
    </>
  );
}
