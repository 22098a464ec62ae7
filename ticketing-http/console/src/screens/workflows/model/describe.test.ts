import { describe, expect, it } from 'vitest';
import { ticketText } from '../../../ui/badge';
import { conditionText } from '../../../ui/condition-text';
import { conditionLines, summary, type Speech } from './describe';
import { readDraft } from './draft';
import { ruleText } from './text';

const speech = (language: 'en' | 'de'): Speech => ({
  condition: conditionText[language],
  ticket: ticketText[language],
  rule: ruleText[language],
  locale: language,
  custom: [],
  names: new Map([['t1', 'Workshop']]),
});

const draft = readDraft({
  trigger_type: 'ticket_created',
  trigger_conditions: [
    { field: 'priority', operator: 'equals', value: 'critical' },
    { any: [{ field: 'team_id', operator: 'equals', value: null }, { not: { field: 'tags', operator: 'is_empty' } }] },
  ],
  actions: [
    { type: 'assign_ticket', params: { team_id: 't1' } },
    { type: 'send_email', params: { to: ['requester', 'x@example.com'], subject: 'Hello' } },
  ],
});

describe('a rule in words', () => {
  it('is one line', () => {
    const { when, does } = summary(draft, speech('en'));
    expect(when).toBe('When a ticket is created and Priority is Critical and (Team is nobody or not (Tags is empty))');
    expect(does).toBe('assign to Workshop, email the requester, x@example.com: “Hello”');
  });

  it('speaks German', () => {
    const { does } = summary(draft, speech('de'));
    expect(does).toBe('zuweisen an Workshop, E-Mail an die anfragende Person, x@example.com: „Hello“');
  });

  it('has a line for each condition', () => {
    expect(conditionLines(draft.conditions.root, speech('en'))).toEqual([
      'All of these:',
      '  Priority is Critical',
      '  Any of these:',
      '    Team is nobody',
      '    not (Tags is empty)',
    ]);
  });
});
