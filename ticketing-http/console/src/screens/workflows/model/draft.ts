/** A rule that is being written: what all of its forms change, and what is sent. */
import type { Schemas } from '../../../api/types';
import {
  append,
  change,
  copyOf,
  indent,
  insertAfter,
  move,
  newGroup,
  newId,
  newLeaf,
  outdent,
  parentOf,
  placesOf,
  readConditions,
  remove,
  writeConditions,
  type Condition,
  type Conditions,
  type Group,
} from './conditions';
import { isObject, same, without, type Json, type JsonObject } from './json';

export type Trigger = Schemas['Trigger'];
export type WorkflowWire = Schemas['Workflow'];

export interface ActionDraft {
  id: string;
  type: string;
  params: JsonObject;
  /** What else stood beside these two. */
  extra: JsonObject;
}

export interface Draft {
  name: string;
  description: string | null;
  trigger: string;
  conditions: Conditions;
  /** What is sent where the conditions do not say it themselves. */
  match: Group['op'];
  mode: string;
  stop: boolean;
  isActive: boolean;
  schedule: JsonObject | null;
  actions: ActionDraft[];
  note: string;
  /** What this page does not know of. */
  extra: JsonObject;
}

/** What the server says of a rule and nobody can send. */
const TOLD = [
  'id',
  'position',
  'disabled',
  'owner_id',
  'problems',
  'warnings',
  'version',
  'created_at',
  'updated_at',
  'saved_by',
  'deleted',
  // Why the version before was saved is not why the next one is.
  'note',
];
const KNOWN = [
  'name',
  'description',
  'trigger_type',
  'trigger_conditions',
  'match',
  'mode',
  'stop',
  'is_active',
  'schedule',
  'actions',
];

export function newAction(type = 'update_ticket', params: JsonObject = {}): ActionDraft {
  return { id: newId(), type, params, extra: {} };
}

export function newDraft(): Draft {
  return {
    ...readDraft({ name: '', trigger_type: 'ticket_created', trigger_conditions: [], actions: [] }),
    actions: [newAction()],
  };
}

function readAction(json: Json): ActionDraft {
  const object = isObject(json) ? json : {};
  const { type, params } = object;
  return {
    id: newId(),
    type: typeof type === 'string' ? type : '',
    params: isObject(params) ? params : {},
    extra: without(object, 'type', 'params'),
  };
}

/** A rule as the server tells it, or as somebody has written it as text. */
export function readDraft(wire: JsonObject): Draft {
  const text = (name: string, otherwise: string) => {
    const value = wire[name];
    return typeof value === 'string' ? value : otherwise;
  };
  const match = wire['match'] === 'any' ? 'any' : 'all';
  const { description, schedule, actions } = wire;
  return {
    name: text('name', ''),
    description: typeof description === 'string' ? description : null,
    trigger: text('trigger_type', ''),
    conditions: readConditions(wire['trigger_conditions'], match),
    match,
    mode: text('mode', 'when_changed'),
    stop: wire['stop'] === true,
    isActive: wire['is_active'] !== false,
    schedule: isObject(schedule) ? schedule : null,
    actions: (Array.isArray(actions) ? actions : []).map(readAction),
    note: typeof wire['version'] === 'number' ? '' : text('note', ''),
    extra: without(wire, ...KNOWN, ...TOLD),
  };
}

/** What is sent: all that a rule says, but its place. */
export function writeDraft(draft: Draft): JsonObject {
  const { json, match } = writeConditions(draft.conditions, draft.match);
  return {
    name: draft.name,
    description: draft.description,
    trigger_type: draft.trigger,
    trigger_conditions: json,
    match,
    mode: draft.mode,
    stop: draft.stop,
    is_active: draft.isActive,
    schedule: draft.trigger === 'time_based' ? draft.schedule : null,
    actions: draft.actions.map(({ type, params, extra }) => ({ type, params, ...extra })),
    ...(draft.note.trim() === '' ? {} : { note: draft.note.trim() }),
    ...draft.extra,
  };
}

/** Whether two drafts say the same of the rule; why it is saved is no part of it. */
export function saysTheSame(a: Draft, b: Draft): boolean {
  return same(without(writeDraft(a), 'note'), without(writeDraft(b), 'note'));
}

export type Edit =
  | { do: 'load'; draft: Draft }
  | { do: 'saved'; sent: Draft; draft: Draft }
  | { do: 'set'; what: Partial<Omit<Draft, 'conditions' | 'actions'>> }
  | { do: 'trigger'; trigger: string }
  | { do: 'add'; to: string; what: 'leaf' | 'group' }
  | { do: 'change'; id: string; what: Partial<Condition> }
  | { do: 'move'; id: string; by: -1 | 1 }
  | { do: 'indent' | 'outdent' | 'remove' | 'negate' | 'copy'; id: string }
  | { do: 'add-action'; type: string }
  | { do: 'change-action'; id: string; what: Partial<ActionDraft> }
  | { do: 'move-action'; id: string; by: -1 | 1 }
  | { do: 'remove-action' | 'copy-action'; id: string };

export function edit(draft: Draft, step: Edit): Draft {
  const root = (next: Group): Draft =>
    next === draft.conditions.root ? draft : { ...draft, conditions: { ...draft.conditions, root: next } };
  const now = draft.conditions.root;
  switch (step.do) {
    case 'load':
      return step.draft;
    case 'saved':
      if (draft === step.sent) return step.draft;
      // What was written while it was sent is still to be saved, but not for the reason that was sent with it.
      return draft.note === step.sent.note ? { ...draft, note: '' } : draft;
    case 'set':
      return { ...draft, ...step.what };
    case 'trigger':
      return {
        ...draft,
        trigger: step.trigger,
        schedule: step.trigger === 'time_based' ? (draft.schedule ?? { every: '1h' }) : draft.schedule,
      };
    case 'add':
      return root(append(now, step.to, step.what === 'leaf' ? newLeaf() : newGroup('any', [newLeaf()])));
    case 'change':
      // A part of a kind of node is only given for a node of that kind.
      return root(change(now, step.id, (node) => ({ ...node, ...step.what }) as Condition));
    case 'move':
      return root(move(now, step.id, step.by));
    case 'indent':
      return root(indent(now, step.id));
    case 'outdent':
      return root(outdent(now, step.id));
    case 'remove':
      return root(remove(now, step.id));
    case 'negate':
      return root(change(now, step.id, (node) => ({ ...node, nots: node.nots > 0 ? node.nots - 1 : 1 })));
    case 'copy': {
      const parent = parentOf(now, step.id);
      const node = parent?.group.children[parent.at];
      return node === undefined ? draft : root(insertAfter(now, step.id, copyOf(node)));
    }
    default:
      return { ...draft, actions: editActions(draft.actions, step) };
  }
}

type ActionEdit = Extract<Edit, { do: `${string}action` }>;

function editActions(actions: ActionDraft[], step: ActionEdit): ActionDraft[] {
  if (step.do === 'add-action') return [...actions, newAction(step.type)];
  const at = actions.findIndex((action) => action.id === step.id);
  const action = actions[at];
  if (action === undefined) return actions;
  switch (step.do) {
    case 'change-action':
      return actions.with(at, { ...action, ...step.what });
    case 'remove-action':
      return actions.toSpliced(at, 1);
    case 'copy-action':
      return actions.toSpliced(at + 1, 0, { ...action, id: newId() });
    case 'move-action': {
      const to = at + step.by;
      return to < 0 || to >= actions.length ? actions : actions.toSpliced(at, 1).toSpliced(to, 0, action);
    }
  }
}

export interface FieldError {
  field: string;
  message: string;
}

/** What is wrong, by where it is shown: the places of conditions and actions are those of the draft. */
export function errorsAt(errors: readonly FieldError[], place: string): FieldError[] {
  return errors.flatMap(({ field, message }) => {
    if (field === place) return [{ field: '', message }];
    const rest = field.startsWith(place) ? field.slice(place.length) : '';
    return rest.startsWith('.') || rest.startsWith('[') ? [{ field: rest.replace(/^\./, ''), message }] : [];
  });
}

export function conditionPlaces(draft: Draft, at?: string): Map<string, string> {
  return placesOf(draft.conditions, at);
}
