import { describe, expect, it } from 'vitest';
import { edit, errorsAt, newDraft, readDraft, saysTheSame, writeDraft } from './draft';
import { without, type JsonObject } from './json';

const wire: JsonObject = {
  name: 'Late',
  description: 'What is late',
  trigger_type: 'time_based',
  trigger_conditions: [{ any: [{ field: 'priority', operator: 'in', value: ['high'] }, { odd: true }] }],
  match: 'any',
  mode: 'always',
  stop: true,
  is_active: false,
  schedule: { after: '4h', since: 'created_at', working_time: true, later: 1 },
  actions: [
    { type: 'send_email', params: { to: ['team', 'x@example.com'], subject: '{{subject}}', body: 'b', cc: [1] } },
    { type: 'call_the_moon', params: { phase: { full: true } }, when: 'always' },
  ],
  colour: 'red',
};

describe('a draft', () => {
  it('says again what it was read from, also what nobody here knows', () => {
    expect(writeDraft(readDraft(wire))).toEqual(wire);
  });

  it('does not send what only the server says', () => {
    const told = { ...wire, id: '1', position: 3, version: 7, problems: [], warnings: [], note: 'Old reason' };
    expect(writeDraft(readDraft(told))).toEqual(wire);
  });

  it('keeps a reason that is written as text', () => {
    expect(writeDraft(readDraft({ ...wire, note: 'Because' }))['note']).toBe('Because');
  });

  it('has what was written while it was saved, but not the reason that was sent with it', () => {
    const sent = { ...newDraft(), name: 'Late', note: 'Because' };
    const saved = readDraft({ ...writeDraft(sent), version: 4 });
    expect(edit(sent, { do: 'saved', sent, draft: saved })).toBe(saved);
    const later = edit(sent, { do: 'set', what: { name: 'Later' } });
    expect(edit(later, { do: 'saved', sent, draft: saved })).toMatchObject({ name: 'Later', note: '' });
    const why = edit(later, { do: 'set', what: { note: 'Because of Tuesday' } });
    expect(edit(why, { do: 'saved', sent, draft: saved })).toBe(why);
  });

  it('is not changed by the reason alone', () => {
    const draft = readDraft(wire);
    expect(saysTheSame(draft, { ...draft, note: 'Why' })).toBe(true);
    expect(saysTheSame(draft, { ...draft, stop: false })).toBe(false);
  });

  it('has a schedule while it is one of time, and sends none otherwise', () => {
    const timed = edit(newDraft(), { do: 'trigger', trigger: 'time_based' });
    expect(writeDraft(timed)['schedule']).toEqual({ every: '1h' });
    const back = edit(timed, { do: 'trigger', trigger: 'ticket_created' });
    expect(writeDraft(back)['schedule']).toBeNull();
    expect(writeDraft(edit(back, { do: 'trigger', trigger: 'time_based' }))['schedule']).toEqual({ every: '1h' });
  });

  it('moves, doubles and takes off actions', () => {
    const draft = readDraft(wire);
    const types = (next: typeof draft) => next.actions.map((action) => action.type);
    const id = draft.actions[0]?.id ?? '';
    expect(types(edit(draft, { do: 'move-action', id, by: 1 }))).toEqual(['call_the_moon', 'send_email']);
    expect(types(edit(draft, { do: 'move-action', id, by: -1 }))).toEqual(['send_email', 'call_the_moon']);
    expect(types(edit(draft, { do: 'remove-action', id }))).toEqual(['call_the_moon']);
    const doubled = edit(draft, { do: 'copy-action', id });
    expect(types(doubled)).toEqual(['send_email', 'send_email', 'call_the_moon']);
    expect(new Set(doubled.actions.map((action) => action.id)).size).toBe(3);
  });

  it('negates a condition and takes that back', () => {
    const draft = readDraft({ ...wire, trigger_conditions: [{ field: 'a', operator: 'is_empty' }] });
    const id = draft.conditions.root.children[0]?.id ?? '';
    const negated = edit(draft, { do: 'negate', id });
    expect(writeDraft(negated)['trigger_conditions']).toEqual([{ not: { field: 'a', operator: 'is_empty' } }]);
    expect(saysTheSame(edit(negated, { do: 'negate', id }), draft)).toBe(true);
  });

  it('adds below the group that is named', () => {
    const draft = readDraft(wire);
    const group = draft.conditions.root.children[0]?.id ?? '';
    const more = edit(draft, { do: 'add', to: group, what: 'leaf' });
    expect(without(writeDraft(more), 'trigger_conditions')).toEqual(without(wire, 'trigger_conditions'));
    expect((writeDraft(more)['trigger_conditions'] as { any: unknown[] }[])[0]?.any).toHaveLength(3);
  });
});

describe('mistakes', () => {
  const errors = [
    { field: 'actions[1].params.to[0]', message: 'Nobody.' },
    { field: 'actions[1].params', message: 'More.' },
    { field: 'actions[11].params.to', message: 'Another.' },
  ];
  it('are shown where they are, and not at what only begins alike', () => {
    expect(errorsAt(errors, 'actions[1].params.to')).toEqual([{ field: '[0]', message: 'Nobody.' }]);
    expect(errorsAt(errors, 'actions[1]').map((error) => error.field)).toEqual(['params.to[0]', 'params']);
    expect(errorsAt(errors, 'actions[1].params.t')).toEqual([]);
  });
});
