/** Conditions as filters of a list, where those can say the same: only lists are counted before they are saved. */
import { isAnyEnough, outermost } from '../queue/outermost';
import { customKey } from '../queue/view';
import type { SavedView } from '../queue/views';

const WORDS = ['status', 'priority', 'channel', 'category'];
const IDS = ['assigned_agent_id', 'team_id', 'customer_id', 'organization_id'];
const MOMENTS: Readonly<Partial<Record<string, string>>> = {
  created_at: 'created',
  updated_at: 'updated',
  sla_due_at: 'sla_due',
};
const DAY_MS = 86_400_000;
const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: DAY_MS };

type Pair = readonly [name: string, value: string];

function listed(name: string, values: readonly unknown[]): Pair | undefined {
  const texts = values.map((value) => (value === null && IDS.includes(name) ? 'none' : value));
  const isPlain = texts.every(
    (text) =>
      (typeof text === 'string' || typeof text === 'number' || typeof text === 'boolean') &&
      !/^$|^my_teams$|,/.test(String(text)),
  );
  return isPlain && texts.length > 0 ? [name, texts.join(',')] : undefined;
}

/** The end of a range; a day is in it or, where it is to be beyond it, is not. */
function end(name: string, side: 'from' | 'to', value: unknown, isBeyond: boolean, now: number): Pair | undefined {
  if (typeof value !== 'string') return undefined;
  const [isNow, sign, count, unit] = /^now(?:([+-])(\d+)([smhd]))?$/.exec(value) ?? [];
  if (isNow !== undefined) {
    const ahead = count === undefined ? 0 : Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
    return [`${name}_${side}`, new Date(now + (sign === '-' ? -ahead : ahead)).toISOString()];
  }
  const at = Date.parse(value);
  if (Number.isNaN(at)) return undefined;
  if (value.length > 10 || !isBeyond) return [`${name}_${side}`, value];
  return [`${name}_${side}`, new Date(at + (side === 'from' ? DAY_MS : -DAY_MS)).toISOString().slice(0, 10)];
}

function pairOf(told: unknown, now: number): Pair | undefined {
  if (typeof told !== 'object' || told === null) return undefined;
  const { field, operator, value, not, ...rest } = told as Record<string, unknown>;
  if (Object.keys(rest).length > 0) return undefined;
  if (not !== undefined) {
    const inner = not as Record<string, unknown>;
    const moment = MOMENTS[String(inner['field'])];
    // What has no such moment is in no range, though it is not before or after one either.
    if (moment === undefined || moment === 'sla_due') return undefined;
    if (inner['operator'] === 'less_than') return end(moment, 'from', inner['value'], false, now);
    if (inner['operator'] === 'greater_than') return end(moment, 'to', inner['value'], false, now);
    return undefined;
  }
  const name = String(field);
  const moment = MOMENTS[name];
  if (moment !== undefined) {
    if (operator === 'greater_than') return end(moment, 'from', value, true, now);
    return operator === 'less_than' ? end(moment, 'to', value, true, now) : undefined;
  }
  const isOne = operator === 'equals';
  const values = isOne ? [value] : operator === 'in' && Array.isArray(value) ? value : undefined;
  if (name === 'tags') return listed('tag', operator === 'contains' ? [value] : Array.isArray(values) ? values : []);
  if (IDS.includes(name)) return listed(name, operator === 'is_empty' ? [null] : (values ?? []));
  if (name === 'is_sla_breached') return isOne ? listed(name, [value]) : undefined;
  return WORDS.includes(name) || customKey(name) !== undefined ? listed(name, values ?? []) : undefined;
}

/** The query of the same list; undefined where there is none. */
export function asFilters(asked: Pick<SavedView, 'conditions' | 'match'>, now: number): string | undefined {
  if (isAnyEnough(asked)) return undefined;
  const pairs = outermost(asked.conditions).map((told) => pairOf(told, now));
  const names = new Set(pairs.map((pair) => pair?.[0]));
  if (names.has(undefined) || names.size < pairs.length) return undefined;
  return new URLSearchParams(pairs.map((pair) => [...(pair ?? ['', ''])])).toString();
}
