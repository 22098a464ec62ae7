import { expect, test } from 'vitest';
import { columnsOf } from './columns';

test('columns are given a line each', () => {
  expect(columnsOf('')).toBe('');
  expect(columnsOf(' Ticket no. = external_id \n\nTitle=subject\nNotes =')).toBe(
    'Ticket no.=external_id,Title=subject,Notes=',
  );
  expect(columnsOf('A=B=category')).toBe('A=B=category');
});

test('what means nothing is told', () => {
  for (const bad of ['Title', '= subject', 'Name, first = name', ' = ']) expect(columnsOf(bad), bad).toBeUndefined();
});
