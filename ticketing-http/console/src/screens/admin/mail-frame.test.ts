import { expect, it } from 'vitest';
import { locked } from './mail-frame';

it('puts the policy before anything that could load', () => {
  const html = locked(
    '<!DOCTYPE html>\n<html><head><link rel="stylesheet" href="https://acme.example/a.css"></head></html>',
  );
  expect(html.startsWith('<!DOCTYPE html><meta http-equiv="Content-Security-Policy"')).toBe(true);
  expect(html.indexOf('default-src')).toBeLessThan(html.indexOf('https://acme.example'));
});

it('keeps all of a mail without a document type', () => {
  expect(locked('<p>Hi</p>')).toMatch(/^<!DOCTYPE html><meta[^>]+><p>Hi<\/p>$/);
});
