/** Rules in words: one line for a list, and lines for comparing versions. */
import { date, dateTime } from '../../../format';
import { fieldName, operatorName, wordOf, type ConditionWords, type TicketWords } from '../../../ui/condition-text';
import { arityOf, fieldInfo, flatUpdates, plainName, type CustomField } from './catalog';
import type { Condition, Group } from './conditions';
import type { Draft } from './draft';
import { isObject, type Json, type JsonObject } from './json';
import { durationWords, scheduleWords } from './schedule';
import type { RuleWords } from './text';

/** All that words are made with. */
export interface Speech {
  condition: ConditionWords;
  ticket: TicketWords;
  rule: RuleWords;
  locale: string;
  custom: readonly CustomField[];
  /** What people, teams, companies and webhooks are called, by their ids. */
  names: ReadonlyMap<string, string>;
}

const LONGEST = 60;

/** A text that may be long, cut. */
export function short(text: string, longest = LONGEST): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1).trimEnd()}…`;
}

function labels(speech: Speech): Map<string, string> {
  return new Map(speech.custom.map(({ key, label }) => [key, label]));
}

export function nameOfField(field: string, speech: Speech): string {
  return fieldName(plainName(field), speech.condition, labels(speech));
}

function scalar(field: string, value: Json, speech: Speech): string {
  const words = speech.condition;
  if (value === null || value === '')
    return fieldInfo(field, speech.custom)?.kind === 'id' ? words.nobody : words.nothing;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (typeof value === 'number') return new Intl.NumberFormat(speech.locale).format(value);
  if (typeof value !== 'string') return JSON.stringify(value);
  const named = speech.names.get(value);
  if (named !== undefined) return named;
  const kind = fieldInfo(field, speech.custom)?.kind;
  if (kind === 'time' || kind === 'date') {
    if (/^\d{4}-\d\d-\d\d$/.test(value)) return date(`${value}T12:00:00`);
    if (/^\d{4}-\d\d-\d\dT/.test(value)) return dateTime(value);
  }
  return wordOf(plainName(field), value, words, speech.ticket) ?? short(value);
}

/** A value of a field, or several. */
export function valueWords(field: string, operator: string, value: Json | undefined, speech: Speech): string {
  if (value === undefined) return '';
  const arity = arityOf(operator);
  if (arity === 'none') return '';
  if (arity === 'duration' && typeof value === 'string') return durationWords(value, speech.rule);
  if (!Array.isArray(value)) return scalar(field, value, speech);
  const parts = value.map((one) => scalar(field, one, speech));
  return arity === 'two' ? parts.join(` ${speech.condition.and} `) : parts.join(', ');
}

export function leafWords(field: string, operator: string, value: Json | undefined, speech: Speech): string {
  const kind = fieldInfo(field, speech.custom)?.kind;
  const isMoment = kind === 'time' || kind === 'date';
  const said = operatorName(operator, isMoment, speech.condition);
  return [nameOfField(field, speech), said, valueWords(field, operator, value, speech)].filter(Boolean).join(' ');
}

/** A condition in one line. */
export function conditionWords(node: Condition, speech: Speech): string {
  const inner = plainWords(node, speech);
  return node.nots % 2 === 1 ? speech.rule.when.not(inner) : inner;
}

function plainWords(node: Condition, speech: Speech): string {
  if (node.kind === 'unknown') return short(JSON.stringify(node.json));
  if (node.kind === 'leaf') return leafWords(node.field, node.operator, node.value, speech);
  const { and, or } = speech.rule.when;
  const parts = node.children.map((child) => {
    const words = conditionWords(child, speech);
    const isMixed = child.kind === 'group' && child.op !== node.op && child.children.length > 1 && child.nots % 2 === 0;
    return isMixed ? `(${words})` : words;
  });
  return parts.join(node.op === 'all' ? and : or);
}

function list(value: Json | undefined): Json[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}

/** People, teams and parts that they play. */
export function people(value: Json | undefined, speech: Speech): string {
  const parts: Record<string, string> = {
    ...speech.rule.part,
    customer: speech.rule.part.requester,
    agent: speech.rule.part.assignee,
    assigned_agent: speech.rule.part.assignee,
  };
  const one = (who: Json) =>
    typeof who === 'string' ? (parts[who] ?? speech.names.get(who) ?? who) : JSON.stringify(who);
  return list(value).map(one).join(', ');
}

/** What an action does, or has done. */
export function actionWords(action: { type: string; params?: JsonObject }, speech: Speech): string {
  const { does } = speech.rule;
  const params = action.params ?? {};
  const text = (name: string) => {
    const value = params[name];
    return typeof value === 'string' ? value : '';
  };
  const tags = () => list(params['tags']).map(String).join(', ');
  switch (action.type) {
    case 'update_ticket': {
      const parts = flatUpdates(params).map(([name, value]) => {
        const field = nameOfField(name, speech);
        if (value === null || value === '') return does.clear(field);
        return does.set(
          field,
          list(value)
            .map((one) => scalar(name, one, speech))
            .join(', '),
        );
      });
      return parts.join(', ') || does.nothing;
    }
    case 'assign_ticket': {
      const { agent_id: agent, team_id: team } = params;
      const to = [agent, team].filter((one) => one !== undefined && one !== null && one !== '');
      const off = [
        agent === null || agent === '' ? does.unassign : '',
        team === null || team === '' ? does.noTeam : '',
      ];
      return (
        [to.length > 0 ? does.assign(people(to as Json[], speech)) : '', ...off].filter(Boolean).join(', ') ||
        does.nothing
      );
    }
    case 'add_tags':
      return does.addTags(tags());
    case 'remove_tags':
      return does.removeTags(tags());
    case 'add_comment':
      return params['is_internal'] === true ? does.note(short(text('body'))) : does.comment(short(text('body')));
    case 'send_email':
      return does.email(people(params['to'], speech), short(text('subject')));
    case 'send_notification':
      return does.notify(people(params['user_id'], speech), short(text('title')));
    case 'trigger_webhook':
      return does.call(speech.names.get(text('webhook_id')) ?? (text('url') || text('webhook_id')));
    case 'escalate_ticket':
      return params['to'] === undefined || params['to'] === null
        ? does.escalate
        : does.escalateTo(people(params['to'], speech));
    case 'add_watchers':
      return does.watch(people(params['user_id'], speech));
    case 'remove_watchers':
      return does.unwatch(people(params['user_id'], speech));
    case 'snooze':
      return text('for') !== ''
        ? does.snoozeFor(durationWords(text('for'), speech.rule))
        : does.snoozeUntil(text('until') === '' ? '' : dateTime(text('until')));
    default:
      return does.other(action.type);
  }
}

export function triggerWords(draft: Pick<Draft, 'trigger' | 'schedule'>, speech: Speech): string {
  if (draft.trigger === 'time_based' && draft.schedule !== null)
    return scheduleWords(draft.schedule, speech.rule, speech.locale);
  return (speech.rule.trigger as Record<string, string>)[draft.trigger] ?? draft.trigger;
}

/** `When a ticket is created and priority is critical → assign to Workshop, email the requester`. */
export function summary(draft: Draft, speech: Speech): { when: string; does: string } {
  const trigger = triggerWords(draft, speech);
  const { root } = draft.conditions;
  const conditions = conditionWords(root, speech);
  const say = root.op === 'any' && root.children.length > 1 ? speech.rule.when.either : speech.rule.when.clause;
  return {
    when: root.children.length === 0 ? trigger : say(trigger, conditions),
    does: draft.actions.map((action) => actionWords(action, speech)).join(', ') || speech.rule.does.nothing,
  };
}

/** A group as lines, what stands in it indented. */
export function conditionLines(root: Group, speech: Speech): string[] {
  const { all, any, notAll, notAny, always } = speech.condition;
  const visit = (node: Condition, depth: number): string[] => {
    const indent = '  '.repeat(depth);
    if (node.kind !== 'group') return [`${indent}${conditionWords(node, speech)}`];
    const isNot = node.nots % 2 === 1;
    const title = node.op === 'all' ? (isNot ? notAll : all) : isNot ? notAny : any;
    return [`${indent}${title}:`, ...node.children.flatMap((child) => visit(child, depth + 1))];
  };
  return root.children.length === 0 ? [always] : visit(root, 0);
}

/** An action as lines: what it does, and its texts in full. */
export function actionLines(action: { type: string; params?: JsonObject }, speech: Speech): string[] {
  const texts = ['body', 'message', 'reason'].flatMap((name) => {
    const value = action.params?.[name];
    return typeof value === 'string' ? value.split('\n').map((line) => `  ${line}`) : [];
  });
  return [actionWords(action, speech), ...texts];
}

/** A field of a version that says nothing of conditions or actions. */
export function plainValue(value: unknown, speech: Speech): string {
  if (value === null || value === undefined || value === '') return speech.condition.nothing;
  if (typeof value === 'boolean') return value ? speech.condition.yes : speech.condition.no;
  if (typeof value === 'string') return value;
  if (isObject(value)) return scheduleWords(value, speech.rule, speech.locale);
  return JSON.stringify(value);
}
