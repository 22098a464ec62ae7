import { get } from 'node:http';
import type { Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { openBrowser, visit } from './browser';
import { deskAt } from './desk';
import { PASSWORD, PEOPLE } from './server';

openBrowser();

const MOST_BYTES = 180 * 1024;
const MOST_REQUESTS = 40;

/** How much of a file goes over the line. */
function sizeOf(url: string): Promise<number> {
  return new Promise((done, fail) => {
    get(url, { headers: { 'Accept-Encoding': 'gzip' } }, (answer) => {
      let size = 0;
      answer.on('data', (chunk: Buffer) => (size += chunk.length));
      answer.on('end', () => done(size));
      answer.on('error', fail);
    }).on('error', fail);
  });
}

const rowsOf = (page: Page) => page.locator('[role=row][data-ticket]');

test('from the sign-in page to the first tickets little is loaded, and all of it from the desk', async () => {
  await deskAt().add({ subject: 'The first of the day', agent: 'agent' });
  const { page, context } = await visit(undefined);
  const asked: { url: string; kind: string }[] = [];
  page.on('request', (request) => asked.push({ url: request.url(), kind: request.resourceType() }));
  await page.goto('/');
  await page.getByLabel('Email').fill(PEOPLE.agent);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await rowsOf(page).first().waitFor();
  const until = [...asked];
  await context.close();

  const code = [...new Set(until.filter((one) => ['script', 'stylesheet'].includes(one.kind)).map((one) => one.url))];
  const sizes = await Promise.all(
    code.map(async (url) => ({
      url: new URL(url).pathname,
      size: await sizeOf(url),
    })),
  );
  const sum = sizes.reduce((all, one) => all + one.size, 0);
  process.stdout.write(
    `${(sum / 1024).toFixed(1)} KiB of ${code.length} scripts and styles, ${until.length} requests\n`,
  );
  expect(code.length).toBeGreaterThan(1);
  expect(until.filter((one) => new URL(one.url).origin !== inject('origin'))).toEqual([]);
  expect(sum).toBeLessThanOrEqual(MOST_BYTES);
  expect(until.length).toBeLessThanOrEqual(MOST_REQUESTS);
});

test('ten tickets are read for few of the thousand requests that somebody has in an hour', async () => {
  const { page, context } = await visit('agent');
  let count = 0;
  page.on('request', (request) => {
    if (new URL(request.url()).pathname.startsWith('/api/')) count += 1;
  });
  await page.goto('/?queue=recent');
  await rowsOf(page).nth(9).waitFor();
  for (let at = 0; at < 10; at += 1) {
    await page.keyboard.press('j');
    const row = page.locator('[role=row]:focus');
    const subject = (await row.locator('a').textContent()) ?? '';
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: subject, exact: true }).waitFor();
    await page.getByRole('article').first().waitFor();
    await page.getByRole('link', { name: 'Back to the list' }).click();
    await row.waitFor();
  }
  process.stdout.write(`${count} requests for ten tickets\n`);
  expect(count).toBeLessThan(100);
  await context.close();
});
