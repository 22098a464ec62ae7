import { expect, test } from 'vitest';
import { readDefault, showDefault } from './default';

test('a default is read as its type asks', () => {
  expect(readDefault('number', ' 4.5 ')).toBe(4.5);
  expect(readDefault('number', 'four')).toBe('four');
  expect(readDefault('checkbox', 'false')).toBe(false);
  expect(readDefault('multiselect', 'red, blue,,')).toEqual(['red', 'blue']);
  expect(readDefault('text', '4')).toBe('4');
  expect(readDefault('date', '  ')).toBe(null);
});

test('it is shown as it is read', () => {
  for (const value of ['x', 4, true]) expect(showDefault(value)).toBe(String(value));
  expect(showDefault(['red', 'blue'])).toBe('red, blue');
  expect(showDefault(null)).toBe('');
});
