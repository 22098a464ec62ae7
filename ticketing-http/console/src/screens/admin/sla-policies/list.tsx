import { Timer } from 'lucide-react';
import { PRIORITIES, type Schemas } from '../../../api/types';
import { number } from '../../../format';
import { plural, useText } from '../../../text';
import { ticketText } from '../../../ui/badge';
import { Empty } from '../../../ui/empty';
import { areaText } from '../areas';
import { useCalendars, usePolicies } from '../data';
import { AreaHead } from '../area-head';
import { Listing } from '../listing';
import { Chip } from '../../../ui/chip';
import { whole } from '../../../api/paging';
import { adminText } from '../text';
import { asList } from './conditions';
import { policyText } from './text';

export function PolicyList() {
  const words = useText(policyText);
  const admin = useText(adminText);
  const areas = useText(areaText);
  const tickets = useText(ticketText);
  const calendars = useCalendars();
  const list = whole(usePolicies());
  const promised = (targets: Record<string, Schemas['SlaTargets']>, promise: 'first_response' | 'resolution') =>
    PRIORITIES.toReversed()
      .map((priority) => targets[priority]?.[promise] ?? '–')
      .join(' · ');
  return (
    <>
      <AreaHead area="sla-policies" about={words.about} newLabel={words.add} />
      <Listing
        area="sla-policies"
        label={areas['sla-policies']}
        list={list}
        idOf={(one) => one.id}
        nameTitle={words.name}
        name={(policy) => policy.name}
        isFaint={(policy) => !policy.is_active}
        columns={[
          {
            id: 'for',
            title: words.forTickets,
            cell: ({ conditions }) => {
              const count = asList(conditions).length;
              if (count === 0) return words.all;
              return plural(count, { one: words.oneCondition, other: words.conditionCount(number(count)) });
            },
          },
          {
            id: 'first',
            title: `${tickets.sla.first_response}, ${words.promises.toLowerCase()}`,
            cell: (policy) => promised(policy.targets, 'first_response'),
          },
          {
            id: 'resolution',
            title: tickets.sla.resolution,
            cell: (policy) => promised(policy.targets, 'resolution'),
          },
          {
            id: 'calendar',
            title: words.calendar,
            cell: (policy) =>
              policy.calendar_id === null
                ? words.teamCalendar
                : calendars.data?.find((one) => one.id === policy.calendar_id)?.name,
          },
          { id: 'position', title: words.position, isNumber: true, cell: (policy) => policy.position },
          {
            id: 'state',
            title: words.state,
            cell: (policy) =>
              policy.is_broken ? (
                <Chip tone="warn">{words.broken}</Chip>
              ) : (
                !policy.is_active && <Chip>{admin.inactive}</Chip>
              ),
          },
        ]}
        empty={
          <Empty title={words.noneTitle} icon={<Timer size={22} />}>
            {words.none}
          </Empty>
        }
      />
    </>
  );
}
