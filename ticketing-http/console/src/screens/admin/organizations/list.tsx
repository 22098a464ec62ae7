import { Building2 } from 'lucide-react';
import { api, ok } from '../../../api/client';
import type { Organization } from '../../../api/types';
import { useText } from '../../../text';
import { Empty } from '../../../ui/empty';
import { Ago } from '../../../ui/time';
import { areaText } from '../areas';
import { AreaHead } from '../area-head';
import { Listing } from '../listing';
import { useEndless } from '../../../api/paging';
import { organizationText } from './text';

export function OrganizationList() {
  const words = useText(organizationText);
  const areas = useText(areaText);
  const list = useEndless<Organization>(['organizations', 'list'], (cursor, signal) =>
    ok(api.GET('/api/organizations', { params: { query: { cursor, limit: 100 } }, signal })),
  );
  return (
    <>
      <AreaHead area="organizations" about={words.about} newLabel={words.add} />
      <Listing
        area="organizations"
        label={areas.organizations}
        list={list}
        idOf={(one) => one.id}
        nameTitle={words.name}
        name={(one) => one.name}
        columns={[
          { id: 'domains', title: words.domains, cell: (one) => one.domains.join(', ') },
          { id: 'shares', title: words.shares, cell: (one) => (one.shares_tickets ? words.yes : words.no) },
          { id: 'changed', title: words.lastChange, isNarrow: true, cell: (one) => <Ago at={one.updated_at} /> },
        ]}
        empty={
          <Empty title={words.noneTitle} icon={<Building2 size={22} />}>
            {words.none}
          </Empty>
        }
      />
    </>
  );
}
