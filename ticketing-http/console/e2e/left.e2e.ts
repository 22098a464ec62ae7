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
