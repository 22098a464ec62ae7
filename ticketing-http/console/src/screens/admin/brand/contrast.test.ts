import { expect, it } from 'vitest';
import { textOn } from './contrast';

it('is what has the greater contrast', () => {
  expect(textOn('#1f4f8f')).toBe('#ffffff');
  expect(textOn('#FFE27A')).toBe('#000000');
  expect(textOn('#808080')).toBe('#000000');
});

it('is white on what is no colour yet', () => {
  expect(textOn('#12')).toBe('#ffffff');
});
