/** What one filters by as conditions of a view. */
import type { Schemas } from '../../api/types';
import { isAnyEnough, outermost } from '../queue/outermost';
import { customKey, valuesOf, type Filters } from '../queue/view';
import type { SavedView } from '../queue/views';

type CustomField = Pick<Schemas['CustomField'], 'key' | 'field_type'>;
type Asked = Pick<SavedView, 'conditions' | 'match'>;
/** Conditions as they are sent. */
export type Conditions = Schemas['NewView']['conditions'];

const test = (field: string, operator: string, value: unknown) => ({ field, operator, value });

/** Words and ids: one, or any of several. */
function anyOf(field: string, values: readonly unknown[]): object {
  const [only, ...others] = values;
  return others.length === 0 ? test(field, 'equals', only) : test(field, 'in', values);
}

function typed(values: readonly string[], type: CustomField['field_type'] | undefined): unknown[] {
  if (type === 'number') return values.map(Number);
  if (type === 'checkbox') return values.map((value) => value === 'true');
  return [...values];
}

function one(name: string, value: string, custom: readonly CustomField[]): object {
  const values = valuesOf(value);
  const range = /^(created|updated)_(from|to)$/.exec(name);
  // Both ends belong to a range, also the whole of a day.
  if (range !== null) return { not: test(`${range[1]}_at`, range[2] === 'from' ? 'less_than' : 'greater_than', value) };
  switch (name) {
    case 'tag':
      return test('tags', 'in', values);
    case 'is_sla_breached':
      return test(name, 'equals', values.includes('true'));
    case 'assigned_agent_id':
    case 'team_id':
    case 'customer_id':
    case 'organization_id':
      return anyOf(
        name,
        values.map((id) => (id === 'none' ? null : id)),
      );
    default: {
      const key = customKey(name);
      const type = custom.find((field) => field.key === key)?.field_type;
      return type === 'multiselect' ? test(name, 'in', values) : anyOf(name, typed(values, type));
    }
  }
}

/** What a view asks for, and what one filters by beside it, as what another one asks for. */
export function withFiltersOf(
  asked: Asked,
  filters: Filters,
  custom: readonly CustomField[],
): { conditions: Conditions; match: SavedView['match'] } {
  const more = Object.entries(filters).flatMap(([name, value]) =>
    // Both or neither of the flag's values are no filter at all.
    value === undefined || (name === 'is_sla_breached' && valuesOf(value).length !== 1)
      ? []
      : [one(name, value, custom)],
  );
  if (more.length === 0) return { conditions: asked.conditions, match: asked.match };
  const old = outermost(asked.conditions);
  const before = isAnyEnough(asked) ? [{ any: old }] : old;
  return { conditions: [...before, ...more] as Conditions, match: 'all' };
}
