import { describe, expect, it } from 'vitest';
import {
  change,
  indent,
  move,
  newLeaf,
  outdent,
  parentOf,
  placesOf,
  readConditions,
  remove,
  writeConditions,
  type Conditions,
} from './conditions';
import type { Json } from './json';

const test = (field: string): Json => ({ field, operator: 'is_empty' });
const written = (conditions: Conditions) => writeConditions(conditions, 'all').json;
const idOf = (conditions: Conditions, field: string): string => {
  const visit = (node: Conditions['root']['children'][number]): string | undefined =>
    node.kind === 'leaf' && node.field === field
      ? node.id
      : node.kind === 'group'
        ? node.children.map(visit).find((id) => id !== undefined)
        : undefined;
  const id = visit(conditions.root);
  if (id === undefined) throw new Error(`no ${field}`);
  return id;
};

describe('conditions', () => {
  it.each<[string, Json]>([
    ['a list', [test('a'), test('b')]],
    ['nothing', []],
    ['one test alone', test('a')],
    ['one that is negated', { not: test('a') }],
    ['negated twice', [{ not: { not: test('a') } }]],
    ['a group', { all: [test('a'), { any: [test('b'), { not: { all: [test('c')] } }] }] }],
    ['a negated group alone', { not: { any: [test('a')] } }],
    ['a list in a list', [[test('a'), test('b')], test('c')]],
    ['a list alone that is negated', { not: [test('a')] }],
    ['unknown parts', [{ field: 'a', operator: 'near', value: { km: 3 }, unit: 'km' }, { xor: [1] }, 'what', null]],
    ['what stands beside a group', [{ any: [test('a')], label: 'x' }]],
    ['a value of null', [{ field: 'a', operator: 'equals', value: null }]],
  ])('come back as they were written: %s', (_name, json) => {
    expect(written(readConditions(json, 'all'))).toEqual(json);
  });

  it('keep how a list belongs together', () => {
    expect(writeConditions(readConditions([test('a')], 'any'), 'any')).toEqual({ json: [test('a')], match: 'any' });
    expect(writeConditions(readConditions({ any: [test('a')] }, 'all'), 'all').match).toBe('all');
  });

  it('become a list where one alone gets company', () => {
    const one = readConditions({ not: test('a') }, 'all');
    const root = { ...one.root, op: 'any' as const, children: [...one.root.children, newLeaf('b', 'is_empty')] };
    expect(writeConditions({ ...one, root }, 'all')).toEqual({ json: [{ not: test('a') }, test('b')], match: 'any' });
  });

  it('stand where the server says that they do', () => {
    const tree = readConditions([test('a'), { not: { any: [test('b'), [test('c')]] } }], 'all');
    const places = placesOf(tree);
    expect(places.get(idOf(tree, 'a'))).toBe('trigger_conditions[0]');
    expect(places.get(idOf(tree, 'b'))).toBe('trigger_conditions[1].not.any[0]');
    expect(places.get(idOf(tree, 'c'))).toBe('trigger_conditions[1].not.any[1][0]');
    const group = readConditions({ all: [test('a')] }, 'all');
    expect(placesOf(group).get(idOf(group, 'a'))).toBe('trigger_conditions.all[0]');
    const alone = readConditions(test('a'), 'all');
    expect(placesOf(alone).get(idOf(alone, 'a'))).toBe('trigger_conditions');
  });

  it('move within their group, and not out of it', () => {
    const tree = readConditions([test('a'), test('b')], 'all');
    const root = move(tree.root, idOf(tree, 'a'), 1);
    expect(written({ ...tree, root })).toEqual([test('b'), test('a')]);
    expect(move(tree.root, idOf(tree, 'a'), -1)).toBe(tree.root);
  });

  it('go into the group before them, or into a new one', () => {
    const tree = readConditions([{ any: [test('a')] }, test('b')], 'all');
    const into = indent(tree.root, idOf(tree, 'b'));
    expect(written({ ...tree, root: into })).toEqual([{ any: [test('a'), test('b')] }]);
    const alone = readConditions([test('a')], 'all');
    expect(written({ ...alone, root: indent(alone.root, idOf(alone, 'a')) })).toEqual([{ any: [test('a')] }]);
  });

  it('come out behind their group, which goes when it is empty', () => {
    const tree = readConditions([{ any: [test('a'), test('b')] }, test('c')], 'all');
    const once = outdent(tree.root, idOf(tree, 'a'));
    expect(written({ ...tree, root: once })).toEqual([{ any: [test('b')] }, test('a'), test('c')]);
    const twice = outdent(once, idOf(tree, 'b'));
    expect(written({ ...tree, root: twice })).toEqual([test('b'), test('a'), test('c')]);
    expect(outdent(twice, idOf(tree, 'b'))).toBe(twice);
  });

  it('leave the others as they are when one changes or goes', () => {
    const tree = readConditions([test('a'), { any: [test('b'), test('c')] }], 'all');
    const root = change(tree.root, idOf(tree, 'b'), (node) => ({ ...node, nots: 1 }));
    expect(written({ ...tree, root })).toEqual([test('a'), { any: [{ not: test('b') }, test('c')] }]);
    expect(root.children[0]).toBe(tree.root.children[0]);
    expect(change(tree.root, 'nobody', () => undefined)).toBe(tree.root);
    const less = remove(tree.root, idOf(tree, 'c'));
    expect(parentOf(less, idOf(tree, 'b'))?.group.children).toHaveLength(1);
  });
});
