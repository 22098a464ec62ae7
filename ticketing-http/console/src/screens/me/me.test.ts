import { describe, expect, it } from 'vitest';
import { agentOf } from './agent';
import { shownFor, toggled, type Preferences } from './grid';

describe('agentOf', () => {
  it('calls browsers by their own name', () => {
    const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)';
    expect(agentOf(`${windows} Chrome/126.0 Safari/537.36`)).toMatchObject({ browser: 'Chrome', system: 'Windows' });
    expect(agentOf(`${windows} Chrome/126.0 Safari/537.36 Edg/126.0`).browser).toBe('Edge');
    const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15';
    expect(agentOf(mac)).toEqual({ browser: 'Safari', system: 'macOS', isPhone: false });
    expect(agentOf('Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0').browser).toBe('Firefox');
  });

  it('knows phones, programs, and what it does not know', () => {
    const phone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1';
    expect(agentOf(phone)).toEqual({ browser: 'Safari', system: 'iPhone', isPhone: true });
    expect(agentOf('Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36').isPhone).toBe(true);
    expect(agentOf('curl/8.5.0')).toEqual({ browser: 'curl', system: undefined, isPhone: false });
    expect(agentOf(null)).toEqual({ browser: undefined, system: undefined, isPhone: false });
  });
});

describe('the grid of notifications', () => {
  const cell = () => ({ own: ['in_app' as const], team: [], watched: [] });
  const now: Preferences = {
    ticket_created: cell(),
    ticket_assigned: cell(),
    status_changed: cell(),
    comment_added: cell(),
    mention: cell(),
    escalation: cell(),
    sla_warning: cell(),
    sla_breach: cell(),
  };

  it('changes one box alone', () => {
    const more = toggled(now, 'mention', 'own', 'email');
    expect(more.mention.own).toEqual(['in_app', 'email']);
    expect({ ...more, mention: now.mention }).toEqual(now);
    expect(toggled(more, 'mention', 'own', 'in_app').mention.own).toEqual(['email']);
    expect(toggled(now, 'mention', 'own', 'in_app').mention.own).toEqual([]);
  });

  it('shows customers what concerns customers', () => {
    expect(shownFor('customer').relations).not.toContain('team');
    expect(shownFor('customer').kinds).not.toContain('sla_breach');
    expect(shownFor('agent').kinds).toHaveLength(8);
  });
});
