/** What a list can be filtered by, with the values there are and their names. */
import { useMemo, type ReactNode } from 'react';
import { useDirectory, useOrganizations } from '../../api/directory';
import { useCustomFields } from '../../api/custom-fields';
import { usePerson } from '../../api/people';
import { useMe } from '../../api/session';
import { PRIORITIES, STATUSES, type Schemas, type Ticket } from '../../api/types';
import { date, useFormat } from '../../format';
import { useText } from '../../text';
import { Avatar } from '../../ui/avatar';
import { ticketText } from '../../ui/badge';
import { filterText } from './filter-text';
import { listText } from './text';
import { customKey, customName, valuesOf, type Filters, type View } from './view';
import { useView } from './views';

export interface Option {
  value: string;
  label: string;
  icon?: ReactNode;
}

export interface FilterField {
  id: string;
  label: string;
  /** The parameters that it sets: one, or the two ends of a range. */
  names: readonly [string] | readonly [string, string];
  kind: 'choice' | 'words' | 'range';
  /** What can be chosen; of words, what is known of them. */
  options: readonly Option[];
  /** It is only there where the address says so: there is no list to choose from. */
  isHidden?: boolean;
}

const CHANNELS = ['web', 'email', 'api', 'portal'] as const satisfies Schemas['Channel'][];

/** `hasAll`: also those that nobody filters by now, for the menu. */
export function useFields(view: View, rows: readonly Ticket[], hasAll: boolean): readonly FilterField[] {
  const me = useMe();
  const words = useText(filterText);
  const tickets = useText(ticketText);
  const lists = useText(listText);
  const { staff, teams } = useDirectory();
  const organizations = useOrganizations();
  const custom = useCustomFields(hasAll || Object.keys(view.filters).some((name) => customKey(name) !== undefined));
  const isAsBegun = useView(view.ref)?.version === 0;
  const customerId = view.filters['customer_id'];
  // The one that the address names.
  const isOne = customerId !== 'me' && customerId?.includes(',') === false;
  const customer = usePerson(isOne ? customerId : undefined).data?.name;
  return useMemo(() => {
    const known = (values: Iterable<string | null>): Option[] =>
      [...new Set(values)]
        .filter((value) => value !== null)
        .sort((a, b) => a.localeCompare(b))
        .map((value) => ({ value, label: value }));
    const yesNo = [
      { value: 'true', label: words.yes },
      { value: 'false', label: words.no },
    ];
    const fields: FilterField[] = [
      one(
        'status',
        'choice',
        STATUSES.map((value) => ({ value, label: tickets.status[value] })),
      ),
      one(
        'priority',
        'choice',
        [...PRIORITIES].reverse().map((value) => ({ value, label: tickets.priority[value] })),
      ),
      {
        ...one('assigned_agent_id', 'choice', [
          { value: 'me', label: words.me, icon: <Avatar name={me.name} size={18} /> },
          { value: 'none', label: words.nobody },
          ...[...staff.values()]
            .filter((person) => person.id !== me.id && person.is_active)
            .map((person) => ({
              value: person.id,
              label: person.name,
              icon: <Avatar name={person.name} size={18} />,
            })),
        ]),
        // Whose they are is what makes these two what they are, as long as nobody has made them something else.
        isHidden: isAsBegun && (view.ref === 'mine' || view.ref === 'unassigned'),
      },
      one('team_id', 'choice', [
        { value: 'none', label: words.noTeam },
        ...[...teams.values()].filter((team) => team.is_active).map((team) => ({ value: team.id, label: team.name })),
      ]),
      one('category', 'words', known(rows.map((ticket) => ticket.category))),
      one('tag', 'words', known(rows.flatMap((ticket) => ticket.tags))),
      one(
        'channel',
        'choice',
        CHANNELS.map((value) => ({ value, label: lists.channel[value] })),
      ),
      one('is_sla_breached', 'choice', [
        { value: 'true', label: words.broken },
        { value: 'false', label: words.kept },
      ]),
      range('created'),
      range('updated'),
      one('organization_id', 'choice', [
        { value: 'none', label: words.noCompany },
        ...[...organizations.values()].map(({ id, name }) => ({ value: id, label: name })),
      ]),
      {
        ...one(
          'customer_id',
          'choice',
          customerId === undefined ? [] : [{ value: customerId, label: customer ?? words.several(1) }],
        ),
        isHidden: true,
      },
      ...custom
        .filter((field) => field.is_active)
        .map(({ key, label, field_type, options }): FilterField => {
          const isOpen = field_type !== 'select' && field_type !== 'multiselect' && field_type !== 'checkbox';
          return {
            id: customName(key),
            label,
            names: [customName(key)],
            kind: isOpen ? 'words' : 'choice',
            options: field_type === 'checkbox' ? yesNo : options.map((value) => ({ value, label: value })),
          };
        }),
    ];
    return fields;

    function one(
      id: Exclude<keyof typeof words.fields, 'created' | 'updated'>,
      kind: 'choice' | 'words',
      options: readonly Option[],
    ): FilterField {
      return { id, label: words.fields[id], names: [id], kind, options };
    }
    function range(id: 'created' | 'updated'): FilterField {
      return { id, label: words.fields[id], names: [`${id}_from`, `${id}_to`], kind: 'range', options: [] };
    }
  }, [words, tickets, lists, me, staff, teams, organizations, custom, customer, customerId, rows, view.ref, isAsBegun]);
}

export function isSet(field: FilterField, filters: Filters): boolean {
  return field.names.some((name) => filters[name] !== undefined);
}

/** What a filter asks for, in words. */
export function useValueLabel(): (field: FilterField, filters: Filters) => string {
  const words = useText(filterText);
  useFormat();
  const day = (value: string | undefined) =>
    value === undefined ? undefined : date(value.length === 10 ? `${value}T12:00:00Z` : value);
  return (field, filters) => {
    if (field.kind === 'range') {
      const [from, to] = field.names.map((name) => day(filters[name]));
      if (from === undefined) return to === undefined ? '' : words.until(to);
      if (to === undefined) return words.since(from);
      return from === to ? from : words.between(from, to);
    }
    const values = valuesOf(filters[field.names[0]]);
    const labels = values.map((value) => field.options.find((option) => option.value === value)?.label ?? value);
    return labels.length > 3 ? `${labels.slice(0, 2).join(', ')} +${labels.length - 2}` : labels.join(', ');
  };
}
