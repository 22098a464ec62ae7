import { describe, expect, test } from 'vitest';
import { byGaps, gapAt, gapsIn, slashAt, slashFor, together, type Canned, type Macro } from './slash';

const at = (text: string) => slashAt(text, text.length);

describe('a slash', () => {
  test('is one at the beginning, on a new line and behind a space', () => {
    expect(at('/')).toEqual({ from: 0, wanted: '' });
    expect(at('Hello\n/ref')).toEqual({ from: 6, wanted: 'ref' });
    expect(at('Hello /refund on')).toEqual({ from: 6, wanted: 'refund on' });
  });

  test('is none within a word, an address or a path, nor before a space', () => {
    for (const text of ['and/or', 'https://desk.example', '/etc/hosts', 'either / or', '/ref\nmore', 'none']) {
      expect(at(text), text).toBeUndefined();
    }
  });

  test('ends at the caret', () => {
    expect(slashAt('/ref and more', 4)).toEqual({ from: 0, wanted: 'ref' });
  });

  test('is set apart from what is before it', () => {
    expect([slashFor('', 0), slashFor('Hi', 2), slashFor('Hi\n', 3)]).toEqual(['/', ' /', '/']);
  });
});

const response = (title: string, shortcut: string | null = null) => ({ title, shortcut }) as Canned;
const macro = (name: string, shortcut: string | null = null) => ({ name, shortcut }) as Macro;
const names = (wanted: string, responses: Canned[], macros: Macro[]) =>
  together(responses, macros, wanted).map((one) => (one.kind === 'macro' ? one.macro.name : one.response.title));

describe('answers and macros', () => {
  test('stand in this order where nothing is typed', () => {
    expect(names('', [response('Refund')], [macro('Take it')])).toEqual(['Refund', 'Take it']);
  });

  test('change places where a macro fits better', () => {
    const answers = [response('Tacky tape')];
    expect(names('take', answers, [macro('Close it'), macro('Take it', 'take')])).toEqual(['Take it', 'Tacky tape']);
    expect(names('ta', answers, [macro('Take it')])).toEqual(['Tacky tape', 'Take it']);
  });

  test('are found whatever the case and the accents, macros also within their name', () => {
    expect(names('ÜBER', [], [macro('Uebernahme'), macro('überall'), macro('Nicht darüber')])).toEqual([
      'überall',
      'Nicht darüber',
    ]);
  });
});

describe('a gap', () => {
  const text = 'Hello {{customer_name}}, click {{reset_link}} or {{reset_link}}.';

  test('is what was missing and still stands there', () => {
    expect(gapsIn(text, ['reset_link', 'team_name', 'customer_name'])).toEqual(['reset_link', 'customer_name']);
    expect(gapsIn(text.replaceAll('{{reset_link}}', 'here'), ['reset_link'])).toEqual([]);
  });

  test('is found where it is', () => {
    expect(gapAt(text, ['reset_link', 'customer_name'])).toEqual([6, 23]);
    expect(gapAt(text, [], 'reset_link')).toEqual([31, 45]);
    expect(gapAt(text, ['nothing'])).toBeUndefined();
  });

  test('parts the text', () => {
    expect(byGaps('a {{x.y}} b {{xzy}}', ['x.y'])).toEqual(['a ', '{{x.y}}', ' b {{xzy}}']);
    expect(byGaps('a', [])).toEqual(['a']);
  });
});
