import { describe, expect, it } from 'vitest';
import { mark, mentionAt, quoted, type Mark } from './editing';

/** Applies it to a text in which `[` and `]` stand around what is chosen; shows the outcome alike. */
function after(marked: string, as: Mark): string {
  const start = marked.indexOf('[');
  const end = marked.indexOf(']') - 1;
  const text = marked.replace('[', '').replace(']', '');
  const edit = mark(text, start, end, as);
  const done = text.slice(0, edit.from) + edit.insert + text.slice(edit.to);
  const [a, b] = edit.select;
  return `${done.slice(0, a)}«${done.slice(a, b)}»${done.slice(b)}`;
}

describe('a button', () => {
  it('puts signs around a word, and takes them off again', () => {
    expect(after('a [word] b', 'bold')).toBe('a **«word»** b');
    expect(after('a **[word]** b', 'bold')).toBe('a «word» b');
    expect(after('a [] b', 'italic')).toBe('a _«»_ b');
  });

  it('makes a block of several lines of code', () => {
    expect(after('[a\nb]', 'code')).toBe('```\n«a\nb»\n```');
    expect(after('x [a]', 'code')).toBe('x `«a»`');
  });

  it('makes a list or a quote of whole lines, and takes it off where all are one', () => {
    expect(after('o[n]e\ntwo', 'list')).toBe('- one«»\ntwo');
    expect(after('o[ne\nt]wo', 'quote')).toBe('> one\n> two«»');
    expect(after('> o[ne\n> t]wo', 'quote')).toBe('one\ntwo«»');
    expect(after('[]', 'list')).toBe('- «»');
    expect(after('one\n[]', 'list')).toBe('one\n- «»');
  });

  it('makes a link of words or of an address', () => {
    expect(after('see [this]', 'link')).toBe('see [this](«https://»)');
    expect(after('[https://a.example/x]', 'link')).toBe('[«»](https://a.example/x)');
    expect(after('[]', 'link')).toBe('[«»](https://)');
  });
});

describe('a quote', () => {
  it('has a sign before each line, and room to answer', () => {
    expect(quoted('one\n\ntwo\n', 'Kim wrote:')).toBe('Kim wrote:\n> one\n>\n> two\n\n');
  });
});

describe('a mention', () => {
  it('begins with an @ at the beginning of a word', () => {
    expect(mentionAt('hello @ki', 9)).toEqual({ from: 6, wanted: 'ki' });
    expect(mentionAt('@', 1)).toEqual({ from: 0, wanted: '' });
    expect(mentionAt('(@kim', 5)).toEqual({ from: 1, wanted: 'kim' });
  });

  it('is no address, and is over with a space', () => {
    expect(mentionAt('kim@desk', 8)).toBeUndefined();
    expect(mentionAt('@kim and', 8)).toBeUndefined();
    expect(mentionAt('@kim@desk', 9)).toBeUndefined();
  });
});
