import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openBrowser, visit } from './browser';
import { deskAt } from './desk';

openBrowser();

const soon = { timeout: 20_000 };

test('who answers, closes the ticket with it and the page at once has said it, and the next page closes the ticket', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'The last word' });
  const { page, faults, context } = await visit('agent');
  await page.goto(`/tickets/${ticket.ticket_number}`);
  await page.getByRole('textbox', { name: 'Reply' }).fill('That was it.');
  await page.getByRole('button', { name: 'Send and set a status' }).click();
  await page.getByRole('menuitem', { name: 'Closed' }).click();
  await page.getByRole('article', { name: 'Sending soon' }).waitFor();
  await page.goto('about:blank');
  const said = async () => (await desk.said(ticket.id)).map((one) => one.body);
  const status = async () => (await desk.ticket(ticket.id)).status;
  await expect.poll(said, soon).toEqual(['That was it.']);
  // Sent beside the answer it could be there first, and a closed ticket takes none.
  expect(await status()).toBe('open');
  await page.goto('/?queue=recent');
  await expect.poll(status, soon).toBe('closed');
  expect(await said()).toEqual(['That was it.']);
  expect(faults).toEqual([]);
  await context.close();
});

/** Holds back the answer to what was asked for. */
async function hold(page: Page): Promise<() => void> {
  let answer: () => void = () => undefined;
  const mayAnswer = new Promise<void>((done) => (answer = done));
  await page.route('**/api/tickets', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    const response = await route.fetch();
    await mayAnswer;
    await route.fulfill({ response });
  });
  return answer;
}

test('what is written while a request is on its way stays, and whoever went elsewhere is left there', async () => {
  const { page, faults, context } = await visit('customer');
  const answer = await hold(page);
  await page.goto('/tickets/new');
  const subject = page.getByRole('textbox', { name: 'Subject' });
  await subject.fill('The saddle squeaks');
  await page.getByRole('textbox', { name: 'Description' }).fill('Since this morning.');
  const isAsked = page.waitForRequest(
    (request) => request.method() === 'POST' && request.url().endsWith('/api/tickets'),
  );
  await page.getByRole('button', { name: 'Send' }).click();
  await isAsked;
  await subject.fill('The saddle squeaks, and the bell too');
  answer();
  const messages = page.getByRole('region', { name: 'Messages' });
  await messages.getByText('was created.').waitFor();
  expect(new URL(page.url()).pathname).toBe('/tickets/new');
  expect(await subject.inputValue()).toBe('The saddle squeaks, and the bell too');

  await messages.getByRole('button', { name: 'Dismiss' }).click();
  const answerAgain = await hold(page);
  const isAskedAgain = page.waitForRequest((request) => request.url().endsWith('/api/tickets'));
  await page.getByRole('button', { name: 'Send' }).click();
  await isAskedAgain;
  await page.getByRole('link', { name: 'My tickets' }).click();
  answerAgain();
  await messages.getByRole('button', { name: 'Open it' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/');
  await page.getByRole('link', { name: 'New ticket' }).first().click();
  await subject.waitFor();
  expect(await subject.inputValue()).toBe('');
  expect(faults).toEqual([]);
  await context.close();
});
