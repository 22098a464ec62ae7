import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, visit } from './browser';
import { deskAt } from './desk';
import { startServer, type Server } from './server';

openBrowser();

let server: Server;
beforeAll(async () => {
  server = await startServer({ RATE_LIMIT_ANONYMOUS: 'off' });
});
afterAll(() => server.stop());

test('a reply is typed on while the server is gone, and said once after', async () => {
  const desk = deskAt(server.origin);
  const ticket = await desk.add({ subject: 'The server went away' });
  const { page, faults, context } = await visit('agent', {}, server.origin);
  await page.goto(`/tickets/${ticket.ticket_number}`);
  // Whoever looks is told to others: the page hears what happens.
  await page.getByRole('textbox', { name: 'Reply' }).click();
  const away = page.getByText('No connection.');
  const [before, during, after] = ['It was there before, ', 'it was typed while nothing answered, ', 'and goes on.'];
  await Promise.all([page.keyboard.type(before, { delay: 10 }), server.kill()]);
  await away.waitFor();
  await Promise.all([page.keyboard.type(during, { delay: 10 }), server.restart()]);
  await page.keyboard.type(after);
  await away.waitFor({ state: 'hidden' });
  const text = before + during + after;
  expect(await page.getByRole('textbox', { name: 'Reply' }).inputValue()).toBe(text);

  await page.keyboard.press('Control+Enter');
  await page.getByRole('article', { name: 'Sending soon' }).waitFor();
  await page.getByRole('link', { name: 'Back to the list' }).click();
  await expect
    .poll(async () => (await deskAt(server.origin).said(ticket.id)).map((one) => one.body), { timeout: 15_000 })
    .toEqual([text]);
  expect(faults).toEqual([]);
  await context.close();
});

test('a reply whose answer was lost in a crash is there once', async () => {
  const desk = deskAt(server.origin);
  const ticket = await desk.add({ subject: 'The answer was lost' });
  const { page, context } = await visit('agent', {}, server.origin);
  await page.goto(`/tickets/${ticket.ticket_number}`);
  let sent = 0;
  await page.route('**/comments', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    sent += 1;
    if (sent > 1) return route.continue();
    // The server has it; its answer never comes.
    await route.fetch();
    await server.kill();
    return route.abort('connectionreset');
  });
  await page.getByRole('textbox', { name: 'Reply' }).fill('Once, please.');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('article', { name: 'Sending soon' }).waitFor();
  await page.getByRole('link', { name: 'Back to the list' }).click();
  await page.getByText('No connection.').waitFor();
  await server.restart();
  await expect
    .poll(() => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('outbox.')).length), {
      timeout: 30_000,
    })
    .toBe(0);
  expect(sent).toBeGreaterThan(1);
  expect((await deskAt(server.origin).said(ticket.id)).map((one) => one.body)).toEqual(['Once, please.']);
  await context.close();
});
