import { beforeEach, describe, expect, it, vi } from 'vitest';
import { draftOf, keepCanned, keepDraft, restoreDraft, seenAll } from './drafts';

beforeEach(() => {
  for (const mode of ['reply', 'note'] as const) keepDraft('kim', 't', mode, '', '');
});

describe('a draft', () => {
  it('is of one person, ticket and voice', () => {
    keepDraft('kim', 't', 'note', 'hush', '1');
    expect(draftOf('kim', 't', 'note').text).toBe('hush');
    expect(
      [draftOf('kim', 't', 'reply'), draftOf('lu', 't', 'note'), draftOf('kim', 'u', 'note')].map((one) => one.text),
    ).toEqual(['', '', '']);
  });

  it('remembers what was there when it was begun, until that is read', () => {
    keepDraft('kim', 't', 'reply', 'a', '1');
    keepDraft('kim', 't', 'reply', 'ab', '2');
    expect(draftOf('kim', 't', 'reply').seen).toBe('1');
    seenAll('kim', 't', 'reply', '2');
    expect(draftOf('kim', 't', 'reply')).toEqual({ text: 'ab', seen: '2' });
    keepDraft('kim', 't', 'reply', '', '3');
    keepDraft('kim', 't', 'reply', 'new', '3');
    expect(draftOf('kim', 't', 'reply').seen).toBe('3');
  });

  it('gets back what was to be sent before it', () => {
    keepDraft('kim', 't', 'reply', 'second', '');
    restoreDraft('kim', 't', 'reply', { text: 'first', seen: '1' });
    expect(draftOf('kim', 't', 'reply')).toEqual({ text: 'first\n\nsecond', seen: '1' });
  });

  it('knows what was missing for it whatever was undone and done again', () => {
    const write = (text: string) => keepDraft('kim', 'c', 'reply', text, '');
    const canned = () => draftOf('kim', 'c', 'reply').canned;
    write('Follow {{link}}.');
    keepCanned('kim', 'c', 'reply', { id: 'a', missing: ['link'] });
    write('Follow {{link}}. Call {{phone}}.');
    keepCanned('kim', 'c', 'reply', { id: 'b', missing: ['phone'] });
    write('Follow {{link}}.');
    keepCanned('kim', 'c', 'reply', { id: 'a', missing: [] });
    expect(canned()).toEqual({ id: 'a', missing: ['link', 'phone'] });
    // Also where all of it was gone for a moment; that it comes of them, nobody says then.
    write('');
    expect(canned()).toBeUndefined();
    write('Follow {{link}}.');
    expect(canned()).toEqual({ missing: ['link', 'phone'] });
    expect(draftOf('kim', 'c', 'note').canned).toBeUndefined();
  });

  it('gets back what was missing for what was to be sent as well', () => {
    keepDraft('kim', 'd', 'reply', 'Call {{phone}}.', '');
    keepCanned('kim', 'd', 'reply', { id: 'b', missing: ['phone'] });
    restoreDraft('kim', 'd', 'reply', { text: 'Follow {{link}}.', seen: '', canned: { id: 'a', missing: ['link'] } });
    expect(draftOf('kim', 'd', 'reply').canned).toEqual({ id: 'a', missing: ['link', 'phone'] });
  });

  it('is there though the browser has no room', () => {
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    keepDraft('kim', 't', 'reply', 'a', '');
    expect(draftOf('kim', 't', 'reply').text).toBe('a');
  });
});
