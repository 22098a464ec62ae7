import { beforeEach, describe, expect, it, vi } from 'vitest';
import { draftOf, keepDraft, restoreDraft, seenAll } from './drafts';

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

  it('is there though the browser has no room', () => {
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    keepDraft('kim', 't', 'reply', 'a', '');
    expect(draftOf('kim', 't', 'reply').text).toBe('a');
  });
});
