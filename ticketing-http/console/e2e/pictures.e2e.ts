import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, visit } from './browser';
import { deskAt } from './desk';
import { bring, INBOUND_SECRET } from './mail';
import { startServer, type Server } from './server';

openBrowser();

let server: Server;
beforeAll(async () => {
  server = await startServer({ RATE_LIMIT_ANONYMOUS: 'off', INBOUND_EMAIL_SECRET: INBOUND_SECRET });
});
afterAll(() => server.stop());

const DOT = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

test('pictures of elsewhere in a mail are loaded once somebody asks, and only then', async () => {
  const desk = deskAt(server.origin);
  const { ticket_id } = await bring(server.origin, desk, {
    from: { name: 'Kim Stranger', address: 'kim@elsewhere.example' },
    subject: 'A mail with pictures',
    html: `<p>Look:</p>
      <img src="https://pictures.example/logo.png" alt="Our logo" width="120" height="40">
      <img src="https://pictures.example/dot.png" width="1" height="1">
      <img src="http://pictures.example/plain.png" alt="Not over this line">
      <img src="https://pictures.example/s.png" srcset="https://pictures.example/s2.png 2x" alt="Second">
      <table background="https://pictures.example/b.png"><tr><td style="background:url(https://pictures.example/c.png)">x</td></tr></table>
      <style>p { background: url(https://pictures.example/d.png) }</style>`,
  });
  const ticket = await desk.ticket(ticket_id ?? '');
  const { page, context, faults } = await visit('agent', {}, server.origin);
  const asked: string[] = [];
  const told: string[] = [];
  await context.route(
    (url) => url.hostname === 'pictures.example',
    async (route) => {
      asked.push(route.request().url());
      const { referer, cookie } = await route.request().allHeaders();
      told.push(...[referer, cookie].filter((one) => one !== undefined));
      await route.fulfill({ contentType: 'image/png', body: DOT });
    },
  );
  await page.goto(`/tickets/${ticket.ticket_number}`);
  await page
    .getByRole('article')
    .first()
    .getByRole('button', { name: /: actions$/ })
    .click();
  await page.getByRole('menuitem', { name: 'Show original' }).click();
  const mail = page.frameLocator('iframe');
  await mail.getByText('Look:').waitFor();
  // Where one would be, there is a place for it, with its words.
  const place = mail.getByText('Our logo');
  expect(await place.boundingBox()).toMatchObject({ width: 120, height: 40 });
  expect(await mail.locator('img').count()).toBe(0);
  await page.getByText('Images are blocked.').waitFor();
  expect(asked).toEqual([]);

  await page.getByRole('button', { name: 'Show them' }).click();
  const pictures = mail.locator('img');
  await pictures.nth(1).waitFor();
  await expect
    .poll(() => pictures.evaluateAll((all) => all.map((one) => (one as HTMLImageElement).naturalWidth)))
    .toEqual([1, 1]);
  await page.getByText('Images are blocked.').waitFor({ state: 'hidden' });
  expect(asked.sort()).toEqual(['https://pictures.example/logo.png', 'https://pictures.example/s.png']);
  // Whose desk it is, its owner does not hear.
  expect(told).toEqual([]);
  expect(await mail.getByText('Not over this line').count()).toBe(1);
  expect(faults).toEqual([]);
  await context.close();
});
