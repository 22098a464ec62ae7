import { describe, expect, it } from 'vitest';
import { askFor, insertAt } from './insert-list';

describe('insertAt', () => {
  it('replaces what is selected and tells of it', () => {
    const field = document.createElement('textarea');
    document.body.append(field);
    field.value = 'Hello NAME!';
    field.setSelectionRange(6, 10);
    let told = 0;
    field.addEventListener('input', () => (told += 1));
    Object.assign(document, { execCommand: () => false });
    insertAt(field, '{{recipient.name}}');
    expect(field.value).toBe('Hello {{recipient.name}}!');
    expect(told).toBe(1);
  });
});

describe('askFor', () => {
  it('goes through a list', () => {
    expect(askFor({ path: 'subject' })).toBe('{{subject}}');
    expect(askFor({ path: 'changes', isList: true })).toBe('{{#each changes}}{{/each}}');
  });
});
