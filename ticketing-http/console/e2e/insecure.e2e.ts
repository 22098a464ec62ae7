import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, visit } from './browser';
import { deskAt } from './desk';
import { freePort, startServer, type Server } from './server';

// As in a house: a name of its own network, without a certificate.
openBrowser(['--host-resolver-rules=MAP desk.test 127.0.0.1']);

let server: Server;
let origin: string;
beforeAll(async () => {
  const port = await freePort();
  origin = `http://desk.test:${port}`;
  server = await startServer({ RATE_LIMIT_ANONYMOUS: 'off', PORT: String(port), APP_URL: origin });
});
afterAll(() => server.stop());

test('on a page that came without a certificate one signs in, answers and signs out', async () => {
  const desk = deskAt(server.origin);
  const ticket = await desk.add({ subject: 'The desk in the house' });
  const { page, faults, context } = await visit('agent', {}, origin);
  expect(await page.evaluate(() => [isSecureContext, 'clipboard' in navigator, 'locks' in navigator])).toEqual([
    false,
    false,
    false,
  ]);
  await page.goto(`/tickets/${ticket.ticket_number}`);
  await page.getByRole('textbox', { name: 'Reply' }).fill('It is here too.');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('article', { name: 'Sending soon' }).waitFor();
  await page.getByRole('button', { name: `Copy ${ticket.ticket_number}` }).click();
  await page.getByText('This browser does not let the page copy.').waitFor();
  await page.getByRole('link', { name: 'Back to the list' }).click();
  await expect
    .poll(async () => (await desk.said(ticket.id)).map((one) => one.body), { timeout: 15_000 })
    .toEqual(['It is here too.']);

  await page.getByRole('button', { name: /: account/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByLabel('Email').waitFor();
  expect(faults).toEqual([]);
  await context.close();
});
