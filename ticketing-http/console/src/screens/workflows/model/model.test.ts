import { describe, expect, it } from 'vitest';
import { byDay, linesOf, shareOf } from './backtest';
import { FIELDS, fieldInfo, firstValue, flatUpdates, hasControl, operatorsOf, refit, withUpdate } from './catalog';
import { compareLines } from './lines';
import { moved, placements } from './order';
import { find, stepsOf } from './places';
import { cronWords, durationWords, scheduleWords } from './schedule';
import { ruleText } from './text';
import { matching, typedVariable, withVariable } from './variables';

const field = (name: string) => {
  const info = fieldInfo(name, []);
  if (info === undefined) throw new Error(name);
  return info;
};

describe('fields', () => {
  it('begin with a value for which there is a control, whatever is asked', () => {
    for (const info of FIELDS)
      for (const operator of operatorsOf(info))
        expect([info.name, operator, hasControl(info, operator, firstValue(info, operator))]).toEqual([
          info.name,
          operator,
          true,
        ]);
  });

  it('are known by their other names', () => {
    expect(field('ticket.status').name).toBe('status');
    expect(field('requester.email').name).toBe('customer.email');
    expect(field('hours_since.last_customer_reply').kind).toBe('decimal');
    expect(fieldInfo('moon.phase', [])).toBeUndefined();
  });

  it('are asked what fits them alone', () => {
    expect(operatorsOf(field('channel'))).not.toContain('greater_than');
    expect(operatorsOf(field('priority'))).toContain('greater_than');
    expect(operatorsOf(field('comment.body'))).not.toContain('changed');
    expect(operatorsOf(field('subject'))).toContain('changed_to');
  });

  it('keep a value that fits when something else is asked', () => {
    expect(refit({ operator: 'equals', value: 'high' }, field('priority'), 'in').value).toEqual(['high']);
    expect(refit({ operator: 'in', value: ['low', 'high'] }, field('priority'), 'equals').value).toBe('low');
    expect(refit({ operator: 'equals', value: 'high' }, field('priority'), 'is_empty').value).toBeUndefined();
    expect(refit({ operator: 'matches', value: 'x' }, field('status'))).toEqual({ operator: 'equals', value: 'open' });
  });
});

describe('changes of fields', () => {
  it('are flat for whoever reads them, and stay as they were written', () => {
    const params = { status: 'open', custom_fields: { model: 'Nord' }, 'custom_fields.serial': '1' };
    expect(flatUpdates(params).map(([name]) => name)).toEqual([
      'status',
      'custom_fields.model',
      'custom_fields.serial',
    ]);
    expect(withUpdate(params, 'custom_fields.model', 'Kyst')).toEqual({ ...params, custom_fields: { model: 'Kyst' } });
    expect(withUpdate(params, 'custom_fields.serial', '2')).toEqual({ ...params, 'custom_fields.serial': '2' });
    expect(withUpdate(params, 'custom_fields.model', undefined)).toEqual({
      status: 'open',
      'custom_fields.serial': '1',
    });
    expect(withUpdate({}, 'custom_fields.model', 'Nord')).toEqual({ 'custom_fields.model': 'Nord' });
  });
});

describe('the order of rules', () => {
  const at = (...places: number[]) => places.map((position, n) => ({ id: 'abcdef'[n] ?? '', position }));
  it('changes one place where there is room', () => {
    expect(placements(moved(at(10, 20, 30), 2, 0), 'c')).toEqual([{ id: 'c', position: 4 }]);
    expect(placements(moved(at(10, 20, 30), 0, 1), 'a')).toEqual([{ id: 'a', position: 25 }]);
    expect(placements(moved(at(10, 20, 30), 0, 2), 'a')).toEqual([{ id: 'a', position: 40 }]);
  });
  it.each([
    [[0, 1, 2], 2, 0],
    [[5, 5, 5], 2, 0],
    [[5, 5, 5, 9], 0, 1],
    [[0, 0, 1, 1], 3, 1],
    [[1, 2, 3, 4, 50], 4, 2],
  ])('is what was asked for, also where there is none: %j from %i to %i', (places, from, to) => {
    const wanted = moved(at(...places), from, to);
    const id = at(...places)[from]?.id ?? '';
    const now = new Map(wanted.map((one) => [one.id, one.position]));
    for (const { id: one, position } of placements(wanted, id)) now.set(one, position);
    const place = wanted.findIndex((one) => one.id === id);
    const own = now.get(id) ?? -1;
    wanted.slice(0, place).forEach((one) => expect(now.get(one.id)).toBeLessThan(own));
    wanted.slice(place + 1).forEach((one) => expect(now.get(one.id)).toBeGreaterThan(own));
    expect(Math.min(...now.values())).toBeGreaterThanOrEqual(0);
  });
});

describe('versions', () => {
  it('are compared line by line', () => {
    const lines = compareLines(['All:', '  a', '  b', 'end'], ['All:', '  b', '  c', 'end']);
    expect(lines.map(({ sign, text }) => `${sign} ${text.trim()}`)).toEqual([
      'same All:',
      'old a',
      'same b',
      'new c',
      'same end',
    ]);
  });
  it('that have nothing in common are all of one and then all of the other', () => {
    expect(compareLines(['a'], ['b', 'c']).map((line) => line.sign)).toEqual(['old', 'new', 'new']);
    expect(compareLines([], [])).toEqual([]);
  });
});

describe('places in a text', () => {
  const text = '{\n "a": [1, {"b": "x]}\\"", "b.c": null}],\n "d": true}';
  const at = (place: string) => {
    const found = find(text, place);
    return found && text.slice(found.start, found.end);
  };
  it('are found by what the server calls them', () => {
    expect(stepsOf('actions[0].params.to')).toEqual(['actions', 0, 'params', 'to']);
    expect(at('a[0]')).toBe('1');
    expect(at('a[1].b')).toBe('"x]}\\""');
    expect(at('d')).toBe('true');
  });
  it('end at the last that is there', () => {
    expect(at('a[1].z')).toBe('{"b": "x]}\\"", "b.c": null}');
    expect(find('{', 'a')).toBeUndefined();
  });
});

describe('times', () => {
  const words = ruleText.en;
  it('are said as people do', () => {
    expect(durationWords('1h', words)).toBe('1 hour');
    expect(durationWords('90s', words)).toBe('90 seconds');
    expect(durationWords('soon', words)).toBe('soon');
    expect(cronWords('0 8 * * 1-5', words, 'en-GB')).toBe('Mon–Fri at 08:00');
    expect(cronWords('30 6,18 * * *', words, 'en-GB')).toBe('Every day at 06:30, 18:30');
    expect(cronWords('0 9 * * 0,6', words, 'en-GB')).toBe('Sat, Sun at 09:00');
    expect(cronWords('0 9 * * MON,WED,FRI', words, 'en-GB')).toBe('Mon, Wed, Fri at 09:00');
    expect(cronWords('*/15 * * * *', words, 'en-GB')).toBe('Every 15 minutes');
    expect(cronWords('0 7 1 * *', words, 'en-GB')).toBe('On day 1 of each month at 07:00');
    expect(cronWords('0 8 1 * 1', words, 'en-GB')).toBeUndefined();
    expect(cronWords('0 8 * *', words, 'en-GB')).toBeUndefined();
  });
  it('of a calendar have a zone', () => {
    expect(scheduleWords({ cron: '0 8 * * *' }, words, 'en-GB')).toBe('Every day at 08:00 (UTC)');
  });
});

describe('variables', () => {
  const all = [
    { name: 'subject', about: 'What it is about' },
    { name: 'customer_name', about: 'The requester’s name' },
  ];
  it('are suggested while they are typed', () => {
    expect(typedVariable('Hi {{cust', 9)).toEqual({ start: 3, query: 'cust' });
    expect(typedVariable('Hi {{a}} b', 10)).toBeUndefined();
    expect(matching(all, 'requester').map((one) => one.name)).toEqual(['customer_name']);
    expect(matching(all, 's')[0]?.name).toBe('subject');
  });
  it('replace what was typed of them, and what is left of an older one', () => {
    expect(withVariable('Hi {{cust!', 3, 9, 'customer_name')).toEqual({ text: 'Hi {{customer_name}}!', caret: 20 });
    expect(withVariable('{{cusubject}}', 0, 4, 'subject').text).toBe('{{subject}}');
  });
});

describe('a look at the past', () => {
  const stream = (...pieces: string[]) =>
    new ReadableStream<Uint8Array>({
      start: (control) => {
        pieces.forEach((piece) => control.enqueue(new TextEncoder().encode(piece)));
        control.close();
      },
    });
  it('tells lines in whatever pieces they come', async () => {
    const told = [];
    for await (const line of linesOf(
      stream('{"progress":{"at":"x","cha', 'nges":1}}\n{"prog', 'ress":{}}\n{"events":3}'),
    ))
      told.push(line);
    expect(told).toEqual([{ progress: { at: 'x', changes: 1 } }, { progress: {} }, { events: 3 }]);
  });
  it('has a bar for every day', () => {
    const days = byDay(['2026-01-02T12:00:00', '2026-01-02T13:00:00'], '2026-01-01T12:00:00', '2026-01-03T06:00:00');
    expect(days).toEqual([
      { day: '2026-01-01', count: 0 },
      { day: '2026-01-02', count: 2 },
      { day: '2026-01-03', count: 0 },
    ]);
  });
  it('is somewhere between its ends', () => {
    const [from, to] = ['2026-01-01T00:00:00Z', '2026-01-03T00:00:00Z'];
    expect(shareOf('2026-01-02T00:00:00Z', from, to)).toBe(0.5);
    expect(shareOf('2027-01-02T00:00:00Z', from, to)).toBe(1);
  });
});
