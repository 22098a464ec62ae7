import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, visit } from './browser';
import { deskAt } from './desk';
import { isFull, size, startDesk } from './speed/desk';
import { judge, say } from './speed/report';
import { arrival, stopsIn, timed } from './speed/stopwatch';
import { PASSWORD, PEOPLE, type Server } from './server';

openBrowser();

let server: Server;
beforeAll(async () => {
  server = await startDesk({ RATE_LIMIT_USER: 'off' });
});
afterAll(() => server.stop());

const ROW = '[role=row][data-ticket]';
const rowsOf = (page: Page) => page.locator(ROW);
const long = { timeout: size(600_000, 60_000) };
/** How often each thing is done. */
const COUNT = size(40, 4);

test('the first tickets are there soon after signing in', long, async () => {
  await deskAt(server.origin).add({ subject: 'The first of the day', agent: 'agent' });
  const samples: number[] = [];
  for (let at = 0; at < size(20, 2); at += 1) {
    const { page, context } = await visit(undefined, {}, server.origin);
    await page.goto('/');
    await page.getByLabel('Email').fill(PEOPLE.agent);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    // To write a password takes longer than this.
    await page.waitForLoadState('networkidle');
    samples.push(await timed(page, 'submit', { selector: ROW }, () => page.keyboard.press('Enter')));
    await context.close();
  }
  judge('first tickets after signing in', samples, 500);
});

test('a ticket opens at once', long, async () => {
  const { page, context } = await visit('agent', {}, server.origin);
  await page.goto('/?queue=recent');
  await rowsOf(page).first().waitFor();
  const samples: number[] = [];
  const first = { selector: '[data-message]' };
  for (let at = 0; at <= COUNT; at += 1) {
    await page.keyboard.press('j');
    const row = page.locator(`${ROW}:focus`);
    await row.waitFor();
    samples.push(await timed(page, 'keydown', first, () => page.keyboard.press('Enter')));
    // Whoever reads looks at it for a while: nothing of it is still to come.
    await page.waitForLoadState('networkidle');
    await page.keyboard.press('u');
    await row.waitFor();
  }
  const [code = 0, ...rest] = samples;
  say(`the first ticket of all, whose screen is to be loaded: ${code.toFixed(0)} ms`);
  judge('opening a ticket', rest, 150);
  await context.close();
});

test('thousands of rows are scrolled through and worked in without a stop', long, async () => {
  const { page, context, faults } = await visit('manager', {}, server.origin);
  const wanted = size(10_000, 200);
  await page.goto('/?queue=recent');
  await rowsOf(page).first().waitFor();
  await page.mouse.move(800, 500);
  const place = () =>
    page.evaluate((row) => Number([...document.querySelectorAll(row)].at(-1)?.getAttribute('aria-rowindex')), ROW);
  // What is loaded while nobody waits for it is there.
  await page.waitForTimeout(size(3_000, 0));
  const { tasks, causes } = await stopsIn(page, async () => {
    while ((await place()) < wanted) await page.mouse.wheel(0, 350);
  });
  say(`${tasks.length} tasks of more than 50 ms while scrolling through ${wanted} rows (goal 0)`);
  for (const cause of causes) say(`  ${cause}`);
  if (isFull) expect.soft(tasks).toEqual([]);

  const moved: number[] = [];
  const chosen: number[] = [];
  const opened: number[] = [];
  await page.keyboard.press('j');
  const focus = page.locator(`${ROW}:focus`);
  for (let at = 0; at < COUNT; at += 1) {
    const id = (await focus.getAttribute('data-ticket')) ?? '';
    const key = at % 2 === 0 ? 'j' : 'k';
    moved.push(
      await timed(page, 'keydown', { selector: `${ROW}:focus:not([data-ticket="${id}"])` }, () =>
        page.keyboard.press(key),
      ),
    );
    const isChosen = (await focus.getAttribute('aria-selected')) === 'true';
    chosen.push(
      await timed(page, 'keydown', { selector: `${ROW}:focus[aria-selected=${String(!isChosen)}]` }, () =>
        page.keyboard.press('x'),
      ),
    );
    opened.push(
      await timed(page, 'keydown', { selector: '[role=dialog] [role=option]' }, () => page.keyboard.press('Control+k')),
    );
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await focus.waitFor();
  }
  judge(`to the next row, in a list of ${wanted}`, moved, 50);
  judge('choosing a row there', chosen, 50);
  const [code = 0, ...rest] = opened;
  say(`the palette for the first time: ${code.toFixed(0)} ms`);
  judge('the palette', rest, 50);
  expect(faults).toEqual([]);
  await context.close();
});

test('what a colleague says is there at once, and one writes below hundreds of messages', long, async () => {
  const desk = deskAt(server.origin);
  const ticket = await desk.add({ subject: 'A long story' });
  for (let at = 0; at < size(500, 70); at += 1)
    await desk.say(at % 3 === 0 ? 'manager' : 'admin', ticket.id, `Part ${at} of it, with *all* that there is to say.`);
  const { page, context, faults } = await visit('agent', {}, server.origin);
  const ready = new Promise<void>((done) => {
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        if (payload.includes('"ready"')) done();
      }),
    );
  });
  await page.goto(`/tickets/${ticket.ticket_number}`);
  await page.getByRole('article').first().waitFor();
  await ready;

  const sent: number[] = [];
  const answered: number[] = [];
  for (let at = 0; at < COUNT; at += 1) {
    const text = `Live number ${at}.`;
    let [begun, said] = [0, 0];
    const seen = await arrival(page, { selector: '[data-message]', text }, async () => {
      begun = Date.now();
      await desk.say('manager', ticket.id, text);
      said = Date.now();
    });
    sent.push(seen - begun);
    answered.push(seen - said);
  }
  judge('a comment of somebody else, since it was sent', sent, 200);
  say(`  since its answer: worst ${Math.max(...answered)} ms`);

  const area = page.getByRole('textbox', { name: 'Reply' });
  await area.click();
  const typed: number[] = [];
  let text = '';
  for (const letter of 'It is typed below all of this, letter by letter.'.slice(0, size(48, 8))) {
    text += letter;
    typed.push(await timed(page, 'keydown', { selector: 'textarea:focus', text }, () => page.keyboard.press(letter)));
  }
  judge(`typing below ${size(500, 70)} comments`, typed, 50);
  expect(await area.inputValue()).toBe(text);
  expect(faults).toEqual([]);
  await context.close();
});
