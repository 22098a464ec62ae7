import { beforeEach, describe, expect, it } from 'vitest';
import type { CustomField } from '../../api/custom-fields';
import { isAlike } from './alike';
import {
  EMPTY,
  askedFields,
  fieldsToSend,
  isEmpty,
  keepDraft,
  readDraft,
  shownValue,
  toBody,
  type Draft,
} from './draft';

const field = (key: string, more: Partial<CustomField> = {}) =>
  ({ key, field_type: 'text', options: [], is_required: false, default: null, ...more }) as CustomField;

describe('a draft', () => {
  beforeEach(() => localStorage.clear());

  it('is kept for one person, and forgotten when nothing is in it', () => {
    keepDraft('a', { ...EMPTY, subject: 'Flat tyre' });
    expect(readDraft('a').subject).toBe('Flat tyre');
    expect(readDraft('b')).toEqual(EMPTY);
    keepDraft('a', { ...EMPTY, sent: { header: { 'Idempotency-Key': 'k' }, content: '{}' } });
    expect(localStorage.length).toBe(0);
    localStorage.setItem('draft.new-ticket.a', 'no JSON');
    expect(readDraft('a')).toEqual(EMPTY);
  });

  it('has something in it once anything was chosen', () => {
    expect(isEmpty(EMPTY)).toBe(true);
    expect(isEmpty({ ...EMPTY, priority: 'high' })).toBe(false);
    expect(isEmpty({ ...EMPTY, fields: { km: '3' } })).toBe(false);
  });
});

describe('the body', () => {
  const fields = [
    field('km', { field_type: 'number' }),
    field('note', { default: 'as usual' }),
    field('parts', { field_type: 'multiselect' }),
    field('works', { field_type: 'checkbox', is_required: true }),
  ];

  it('leaves what nobody touched to the server, but for a box that must be answered', () => {
    expect(fieldsToSend(fields, EMPTY)).toEqual({ works: false });
    expect(fields.map((one) => shownValue(one, {}))).toEqual(['', 'as usual', [], false]);
  });

  it('declines what a field comes with, and leaves out what is empty anyway', () => {
    const draft: Draft = { ...EMPTY, fields: { km: '12.5', note: '', parts: [], works: true } };
    expect(fieldsToSend(fields, draft)).toEqual({ km: 12.5, note: null, works: true });
    expect(fieldsToSend(fields, { ...EMPTY, fields: { km: 'many' } })).toMatchObject({ km: 'many' });
  });

  it('is asked for the fields of its category and team, and customers for what they may fill in', () => {
    const all = { categories: [], team_ids: [] };
    const own = [
      field('every', { is_active: true, when: all, editable_by_customer: true }),
      field('repair', { is_active: true, when: { categories: ['Repair'], team_ids: [] }, editable_by_customer: true }),
      field('team', { is_active: true, when: { categories: [], team_ids: ['t'] }, editable_by_customer: true }),
      field('inside', { is_active: true, when: all, editable_by_customer: false }),
      field('gone', { is_active: false, when: all, editable_by_customer: true }),
    ];
    const asked = (draft: Partial<Draft>, isStaff: boolean) =>
      askedFields(own, { ...EMPTY, ...draft }, isStaff).map((one) => one.key);
    expect(asked({}, true)).toEqual(['every', 'inside']);
    expect(asked({ category: ' repair ', teamId: 't' }, true)).toEqual(['every', 'repair', 'team', 'inside']);
    expect(asked({ category: 'repair', teamId: 't' }, false)).toEqual(['every', 'repair']);
  });

  it('says of customers only what customers may say', () => {
    const draft: Draft = { ...EMPTY, subject: ' A ', description: 'B', teamId: 't', tags: ['x'], isNewPerson: true };
    expect(toBody(draft, [], false)).toEqual({ subject: 'A', description: 'B' });
    expect(toBody({ ...draft, newEmail: 'a@b.example', newName: 'Ann' }, [], true)).toEqual({
      subject: 'A',
      description: 'B',
      priority: 'medium',
      tags: ['x'],
      team_id: 't',
      customer: { email: 'a@b.example', name: 'Ann' },
    });
  });
});

describe('isAlike', () => {
  it('looks at the words that tell something', () => {
    expect(isAlike('Brakes squeal in the rain', 'My brakes squeal')).toBe(true);
    expect(isAlike('Brakes squeal', 'The invoice is wrong')).toBe(false);
    expect(isAlike('Ärger mit dem Display', 'arger und Display')).toBe(true);
    expect(isAlike('Hi', 'Hi')).toBe(false);
    expect(isAlike('', 'Brakes squeal')).toBe(false);
  });
});
