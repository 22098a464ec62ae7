/**
 * Conditions as a tree that can be edited, and back to the JSON that they were read from. What this page does not know
 * is kept as it came, so nothing is lost by opening a rule here.
 */
import { isObject, without, type Json, type JsonObject } from './json';

interface Node {
  id: string;
  /** How many times `{"not": …}` stands around it. */
  nots: number;
}

/** One test of one field. */
export interface Leaf extends Node {
  kind: 'leaf';
  field: string;
  operator: string;
  /** Undefined where there is none. */
  value: Json | undefined;
  /** What else stood beside these three. */
  extra: JsonObject;
}

export interface Group extends Node {
  kind: 'group';
  op: 'all' | 'any';
  /** Written as a bare list, which means all of them. */
  isBare: boolean;
  children: Condition[];
  extra: JsonObject;
}

/** What is no condition at all; only text can put it right. */
export interface Unknown extends Node {
  kind: 'unknown';
  json: Json;
}

export type Condition = Leaf | Group | Unknown;

/**
 * How the outermost conditions are written: a list that `match` speaks of, a group that says so itself, or one condition
 * alone, around which the page has put a group.
 */
export type Shape = 'list' | 'group' | 'one';

export interface Conditions {
  root: Group;
  shape: Shape;
}

let last = 0;
/** A name for a node while the page is open; the wire knows none. */
export function newId(): string {
  last += 1;
  return `n${last}`;
}

export function newLeaf(field = 'priority', operator = 'equals', value?: Json): Leaf {
  return { id: newId(), nots: 0, kind: 'leaf', field, operator, value, extra: {} };
}

export function newGroup(op: Group['op'], children: Condition[] = []): Group {
  return { id: newId(), nots: 0, kind: 'group', op, isBare: false, children, extra: {} };
}

export function readCondition(json: Json): Condition {
  let nots = 0;
  let inner = json;
  while (isObject(inner) && Object.keys(inner).length === 1 && inner['not'] !== undefined) {
    nots += 1;
    inner = inner['not'];
  }
  const node = { id: newId(), nots };
  if (Array.isArray(inner)) {
    return { ...node, kind: 'group', op: 'all', isBare: true, children: inner.map(readCondition), extra: {} };
  }
  if (isObject(inner)) {
    for (const op of ['all', 'any'] as const) {
      const parts = inner[op];
      if (!Array.isArray(parts)) continue;
      const extra = without(inner, op);
      return { ...node, kind: 'group', op, isBare: false, children: parts.map(readCondition), extra };
    }
    const { field, operator } = inner;
    if (typeof field === 'string' && typeof operator === 'string') {
      const extra = without(inner, 'field', 'operator', 'value');
      return { ...node, kind: 'leaf', field, operator, value: inner['value'], extra };
    }
  }
  return { ...node, kind: 'unknown', json: inner };
}

export function writeCondition(node: Condition): Json {
  let json = write(node);
  for (let n = 0; n < node.nots; n += 1) json = { not: json };
  return json;
}

function write(node: Condition): Json {
  switch (node.kind) {
    case 'unknown':
      return node.json;
    case 'leaf':
      return {
        field: node.field,
        operator: node.operator,
        ...(node.value === undefined ? {} : { value: node.value }),
        ...node.extra,
      };
    case 'group': {
      const parts = node.children.map(writeCondition);
      return node.isBare && node.op === 'all' ? parts : { [node.op]: parts, ...node.extra };
    }
  }
}

/** The outermost conditions. `match` says how those of a list belong together. */
export function readConditions(json: Json | undefined, match: Group['op']): Conditions {
  if (json === undefined || Array.isArray(json)) {
    return { root: { ...newGroup(match, (json ?? []).map(readCondition)), isBare: true }, shape: 'list' };
  }
  const one = readCondition(json);
  if (one.kind === 'group' && one.nots === 0) return { root: one, shape: 'group' };
  return { root: newGroup('all', [one]), shape: 'one' };
}

/** What `trigger_conditions` and `match` are to say; `match` stays what it was where nothing asks for it. */
export function writeConditions({ root, shape }: Conditions, match: Group['op']): { json: Json; match: Group['op'] } {
  if (shape === 'group') return { json: writeCondition(root), match };
  const [only, ...others] = root.children;
  if (shape === 'one' && only !== undefined && others.length === 0) return { json: writeCondition(only), match };
  return { json: root.children.map(writeCondition), match: root.op };
}

/** Where each condition stands in the JSON, by its id; the server names what is wrong by such places. */
export function placesOf({ root, shape }: Conditions, at = 'trigger_conditions'): Map<string, string> {
  const places = new Map<string, string>();
  const visit = (node: Condition, outer: string) => {
    places.set(node.id, outer);
    const place = `${outer}${'.not'.repeat(node.nots)}`;
    if (node.kind !== 'group') return;
    const list = node.isBare && node.op === 'all' ? place : `${place}.${node.op}`;
    node.children.forEach((child, n) => visit(child, `${list}[${n}]`));
  };
  const [only, ...others] = root.children;
  if (shape === 'group') visit(root, at);
  else {
    places.set(root.id, at);
    if (shape === 'one' && only !== undefined && others.length === 0) visit(only, at);
    else root.children.forEach((child, n) => visit(child, `${at}[${n}]`));
  }
  return places;
}

/** The tree with one node changed, or taken out where the change answers undefined. */
export function change(root: Group, id: string, how: (node: Condition) => Condition | undefined): Group {
  const visit = (node: Condition): Condition | undefined => {
    if (node.id === id) return how(node);
    if (node.kind !== 'group') return node;
    const visited = node.children.map(visit);
    if (visited.every((next, at) => next === node.children[at])) return node;
    return { ...node, children: visited.filter((next) => next !== undefined) };
  };
  const next = visit(root);
  return next?.kind === 'group' ? next : root;
}

/** The group that a node stands in, and its place there. */
export function parentOf(root: Group, id: string): { group: Group; at: number } | undefined {
  const at = root.children.findIndex((child) => child.id === id);
  if (at >= 0) return { group: root, at };
  for (const child of root.children) {
    const found = child.kind === 'group' ? parentOf(child, id) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function withChildren(root: Group, group: Group, children: Condition[]): Group {
  return change(root, group.id, (node) => ({ ...node, children }) as Group);
}

/** Puts it a place up (-1) or down (1) within its group. */
export function move(root: Group, id: string, by: -1 | 1): Group {
  const parent = parentOf(root, id);
  const node = parent?.group.children[parent.at];
  const other = parent?.group.children[parent.at + by];
  if (parent === undefined || node === undefined || other === undefined) return root;
  const children = parent.group.children.map((child) => (child === node ? other : child === other ? node : child));
  return withChildren(root, parent.group, children);
}

/** Puts it into the group right before it, or into a new one of its own. */
export function indent(root: Group, id: string): Group {
  const parent = parentOf(root, id);
  if (parent === undefined) return root;
  const { group, at } = parent;
  const [node, before] = [group.children[at], group.children[at - 1]];
  if (node === undefined) return root;
  const children =
    before?.kind === 'group'
      ? group.children.flatMap((child) =>
          child === node ? [] : [child === before ? { ...before, children: [...before.children, node] } : child],
        )
      : group.children.map((child) => (child === node ? newGroup(group.op === 'all' ? 'any' : 'all', [node]) : child));
  return withChildren(root, group, children);
}

/** Takes it out of its group, to stand behind that. A group that has nothing left goes. */
export function outdent(root: Group, id: string): Group {
  const parent = parentOf(root, id);
  const above = parent === undefined ? undefined : parentOf(root, parent.group.id);
  const node = parent?.group.children[parent.at];
  if (parent === undefined || above === undefined || node === undefined) return root;
  const rest = parent.group.children.filter((child) => child !== node);
  const children = above.group.children.flatMap((child) => {
    if (child !== parent.group) return [child];
    return rest.length === 0 ? [node] : [{ ...parent.group, children: rest }, node];
  });
  return withChildren(root, above.group, children);
}

export function remove(root: Group, id: string): Group {
  return change(root, id, () => undefined);
}

/** A copy with names of its own. */
export function copyOf(node: Condition): Condition {
  const copy = { ...node, id: newId() };
  return copy.kind === 'group' ? { ...copy, children: copy.children.map(copyOf) } : copy;
}

export function insertAfter(root: Group, id: string, node: Condition): Group {
  const parent = parentOf(root, id);
  if (parent === undefined) return root;
  return withChildren(root, parent.group, parent.group.children.toSpliced(parent.at + 1, 0, node));
}

export function append(root: Group, groupId: string, node: Condition): Group {
  return change(root, groupId, (group) =>
    group.kind === 'group' ? { ...group, children: [...group.children, node] } : group,
  );
}
