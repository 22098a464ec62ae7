/** Tables that administrators bring: looked through, taken in, called off. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openBrowser, visit } from './browser';
import { deskAt } from './desk';

openBrowser();

const HEADER = 'subject,description,customer_email,tags';

async function choose(page: Page, name: string, text: string): Promise<void> {
  await page.goto('/admin/imports/new');
  await page.getByLabel('File').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page.getByRole('button', { name: 'Look it through' }).click();
  await page.getByRole('heading', { name }).waitFor();
}

const found = async (tag: string) =>
  (await deskAt().ask<{ items: unknown[] }>('admin', 'GET', `tickets?tag=${tag}&limit=100`)).items.length;

test('a table is looked through, and what is right of it is taken in', async () => {
  const { page, faults, context } = await visit('admin');
  const lines = ['One,Text,q1@mail.example,quokka', ',Text,q2@mail.example,quokka', 'Two,Text,nobody,quokka'];
  await choose(page, 'quokkas.csv', `${HEADER}\n${[...lines, 'Three,Text,q3@mail.example,quokka'].join('\n')}\n`);
  await page.getByText('Some lines are wrong.', { exact: false }).waitFor();
  const wrong = page.getByRole('table', { name: 'What is wrong' });
  const cells = await wrong.getByRole('row').allInnerTexts();
  expect(cells.slice(1).map((row) => row.split(/\s+/).slice(0, 2))).toEqual([
    ['3', 'subject'],
    ['4', 'customer_email'],
  ]);
  expect(await found('quokka')).toBe(0);

  await page.getByRole('button', { name: 'Take in the others' }).click();
  const question = page.getByRole('dialog');
  await question.getByText('2 lines are wrong and are left out.').waitFor();
  await question.getByRole('button', { name: 'Take it in' }).click();
  await page.getByText('Taken in', { exact: true }).first().waitFor();
  expect(await found('quokka')).toBe(2);
  expect(await page.getByRole('button', { name: 'Take in the others' }).count()).toBe(0);

  await page.getByRole('link', { name: 'Back to Import' }).click();
  await page.getByRole('link', { name: 'quokkas.csv' }).waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('a header that is not understood is told, and columns may be called otherwise', async () => {
  const { page, faults, context } = await visit('admin');
  const table = 'Titel;Frage;Kunde\nWombat;Text;w@mail.example\n';
  await choose(page, 'wombats.csv', table);
  await page.getByText('Refused', { exact: true }).waitFor();
  await page.getByRole('cell', { name: 'titel' }).waitFor();

  await page.goto('/admin/imports/new');
  await page.getByLabel('Columns that are called otherwise').fill('Titel');
  await page.getByLabel('File').setInputFiles({ name: 'w2.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
  await page.getByText('Each line has the form', { exact: false }).waitFor();
  await page
    .getByLabel('Columns that are called otherwise')
    .fill('Titel = subject\nFrage = description\nKunde = customer_email');
  await page.getByRole('button', { name: 'Look it through' }).click();
  await page.getByText('All lines are right.', { exact: false }).waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('what is under way shows how far it is, and is called off', async () => {
  const { page, faults, context } = await visit('admin');
  const rows = Array.from({ length: 20_000 }, (_, at) => `Numbat ${at},Text,n${at % 50}@mail.example,numbat`);
  await choose(page, 'numbats.csv', `${HEADER}\n${rows.join('\n')}\n`);
  await page.getByRole('progressbar', { name: 'How far it is' }).waitFor();
  await page.getByText(/lines were looked through/).waitFor();
  await page.getByRole('button', { name: 'Call off' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Call it off' }).click();
  await page.getByText('Called off', { exact: true }).first().waitFor();
  expect(await page.getByRole('progressbar').count()).toBe(0);
  expect(await found('numbat')).toBe(0);
  expect(faults).toEqual([]);
  await context.close();
});
