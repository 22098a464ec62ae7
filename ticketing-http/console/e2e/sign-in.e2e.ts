import { expect, test } from 'vitest';
import { openBrowser, visit } from './browser';

openBrowser();

test('a wrong password is told and nothing is lost; the right one leads to the queue', async () => {
  const { page, faults, context } = await visit(undefined);
  await page.goto('/');
  await page.getByLabel('Email').fill('ingrid.solberg@fjordrad.example');
  await page.getByLabel('Password', { exact: true }).fill('not it');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').getByText('don’t go together').waitFor();
  expect(await page.getByLabel('Email').inputValue()).toBe('ingrid.solberg@fjordrad.example');
  await page.getByLabel('Password', { exact: true }).fill('demo-desk-2026');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation').getByText('Unassigned').waitFor();
  // No secret is where a script of tomorrow could read it.
  const kept = await page.evaluate(
    () => [localStorage, sessionStorage].map((store) => JSON.stringify(store)).join() + document.cookie,
  );
  expect(kept).not.toMatch(/eyJ|token|refresh/);
  expect(faults).toEqual([]);
  await context.close();
});

test('a sign-in goes on after the page was loaded anew', async () => {
  const { page, context } = await visit('agent');
  await page.reload();
  await page.getByRole('navigation').getByText('Unassigned').waitFor();
  await context.close();
});
