import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openBrowser, visit } from './browser';
import { deskAt } from './desk';

openBrowser();

const rowsOf = (page: Page) => page.locator('[role=row][data-ticket]');
const waiting = (page: Page) => page.getByRole('article', { name: 'Sending soon' });
/** Whoever leaves a ticket does not wait for what can be taken back: it is sent at once. */
const leave = (page: Page) => page.getByRole('link', { name: 'Back to the list' }).click();
const soon = { timeout: 10_000 };

test('an agent opens a ticket by the keyboard, writes a note and a reply, and sets a status', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'The timetable is out of date', tags: ['by-keys'], agent: 'agent' });
  const { page, faults, context } = await visit('agent');
  await page.goto('/?queue=mine&tag=by-keys');
  await rowsOf(page).first().waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: ticket.subject }).waitFor();

  const note = 'The printer has the old file.';
  await page.keyboard.press('n');
  const writing = page.getByRole('textbox', { name: 'Note' });
  await writing.fill(note);
  await page.keyboard.press('Control+Enter');
  await waiting(page).getByText(note).waitFor();
  expect(await writing.inputValue()).toBe('');
  await waiting(page).getByRole('button', { name: 'Undo' }).click();
  await waiting(page).waitFor({ state: 'hidden' });
  expect(await writing.inputValue()).toBe(note);
  expect(await desk.said(ticket.id)).toEqual([]);

  await writing.press('Control+Enter');
  await waiting(page).waitFor();
  await leave(page);
  await expect.poll(() => desk.said(ticket.id), soon).toMatchObject([{ body: note, is_internal: true }]);

  // One comes back to the list that one came from, and goes on where one was.
  await page.waitForURL((url) => url.searchParams.get('tag') === 'by-keys');
  await page.locator('[role=row]:focus').press('Enter');
  await page.getByRole('article', { name: /^Note by Amelie Brandt/ }).waitFor();
  const reply = 'You will have a new one tomorrow.';
  await page.keyboard.press('r');
  await page.getByRole('textbox', { name: 'Reply' }).fill(reply);
  await page.keyboard.press('Control+Enter');
  await waiting(page).getByText(reply).waitFor();
  await page.getByRole('button', { name: /^Status: / }).click();
  await page.getByRole('menuitemradio', { name: 'On hold' }).click();
  await page.getByRole('button', { name: 'Status: On hold' }).waitFor();
  await expect.poll(() => desk.ticket(ticket.id), soon).toMatchObject({ status: 'on_hold' });
  await leave(page);
  await expect.poll(async () => (await desk.said(ticket.id)).map((one) => one.body), soon).toEqual([note, reply]);
  expect(faults).toEqual([]);
  await context.close();
});

test('two tickets are changed at once, and back again', async () => {
  const desk = deskAt();
  const tickets = [
    await desk.add({ subject: 'One of two', tags: ['at-once'] }),
    await desk.add({ subject: 'Two of two', tags: ['at-once'] }),
  ];
  const priorities = () => Promise.all(tickets.map(async ({ id }) => (await desk.ticket(id)).priority));
  const before = await priorities();
  const { page, faults, context } = await visit('agent');
  await page.goto('/?queue=open&tag=at-once');
  await rowsOf(page).nth(1).waitFor();
  for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
  await page.getByRole('toolbar').getByText('2 selected').waitFor();
  await page.keyboard.press('p');
  await page.getByRole('dialog', { name: 'Priority' }).getByRole('menuitem', { name: 'Critical' }).click();
  const told = page.getByText('2 tickets changed');
  await told.waitFor();
  expect(await priorities()).toEqual(['critical', 'critical']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(priorities, soon).toEqual(before);
  expect(faults).toEqual([]);
  await context.close();
});

test('a place is found by its name from anywhere', async () => {
  const { page, faults, context } = await visit('agent');
  await page.goto('/me');
  await page.getByRole('navigation').getByText('Unassigned').waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'What do you want to do?' }).fill('unassig');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Unassigned' }).waitFor();
  await page.waitForURL((url) => url.searchParams.get('view') === 'unassigned');
  expect(faults).toEqual([]);
  await context.close();
});

test('a customer finds their ticket, answers, and is told nothing of what staff say to each other', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'My ticket machine eats coins' });
  const secrets = ['Said before she came: a known fault.', 'Said while she looks: do not tell.'] as const;
  await desk.say('agent', ticket.id, secrets[0], true);
  const { page, faults, context } = await visit('customer');
  // Neither what is shown nor what comes over the line may hold it.
  let heard = '';
  const connected = new Promise<void>((done) => {
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        heard += payload.toString();
        if (payload.includes('"ready"')) done();
      }),
    );
  });
  page.on('response', (response) => {
    if (new URL(response.url()).pathname.startsWith('/api/'))
      response.text().then(
        (body) => (heard += body),
        () => undefined,
      );
  });
  await page.goto('/');
  await page.getByRole('heading', { level: 1, name: 'My tickets' }).waitFor();
  await page.getByRole('link', { name: ticket.subject }).click();
  await page.getByRole('article').getByText(`About ${ticket.subject}`).waitFor();
  await connected;
  await desk.say('agent', ticket.id, secrets[1], true);
  const answer = 'We have sent somebody.';
  await desk.say('agent', ticket.id, answer);
  await page.getByRole('article').getByText(answer).waitFor();

  const reply = 'Thank you!';
  await page.getByRole('textbox', { name: 'Reply' }).fill(reply);
  await page.keyboard.press('Control+Enter');
  await waiting(page).waitFor();
  await leave(page);
  await expect
    .poll(async () => (await desk.said(ticket.id)).map((one) => one.body), soon)
    .toEqual([...secrets, answer, reply]);
  await page.getByRole('link', { name: ticket.subject }).click();
  await page.getByRole('article').getByText(reply).waitFor();
  expect(heard).toContain(answer);
  for (const secret of secrets) {
    expect(await page.content()).not.toContain(secret);
    expect(heard).not.toContain(secret);
  }
  expect(faults).toEqual([]);
  await context.close();
});

test('a desk with a logo at an address elsewhere shows customers no broken picture', async () => {
  const desk = deskAt();
  const { version } = await desk.ask<{ version: number }>('admin', 'PATCH', 'brand', {
    logo_url: 'https://pictures.example/logo.png',
  });
  expect(version).toBeGreaterThan(0);
  const { page, faults, context } = await visit('customer');
  await page.getByRole('heading', { level: 1, name: 'My tickets' }).waitFor();
  const logo = page.getByRole('banner').locator('img');
  await expect.poll(() => logo.evaluate((one: HTMLImageElement) => one.naturalWidth), soon).toBeGreaterThan(0);
  expect(faults).toEqual([]);
  await context.close();
  await desk.ask('admin', 'PATCH', 'brand', { logo_url: null });
});

test('a customer asks something new', async () => {
  const { page, faults, context } = await visit('customer');
  await page.goto('/');
  await page.getByRole('link', { name: 'New ticket' }).first().click();
  await page.getByRole('textbox', { name: 'Subject' }).fill('Where is my refund?');
  await page.getByRole('textbox', { name: 'Description' }).fill('I asked for it two weeks ago.');
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/tickets\/TKT-/);
  await page.getByRole('heading', { level: 1, name: 'Where is my refund?' }).waitFor();
  await page.getByRole('article').getByText('I asked for it two weeks ago.').waitFor();
  const number = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  expect(await deskAt().ticket(number)).toMatchObject({ subject: 'Where is my refund?', status: 'open' });
  expect(faults).toEqual([]);
  await context.close();
});

test('an administrator sees what is there in every area', async () => {
  const { page, faults, context } = await visit('admin');
  const areas = page.getByRole('navigation', { name: 'Administration' });
  await page.goto('/admin');
  await areas.getByRole('link').first().waitFor();
  const names = await areas.getByRole('link').allTextContents();
  expect(names.length).toBeGreaterThanOrEqual(8);
  const empty: string[] = [];
  for (const name of names) {
    await areas.getByRole('link', { name, exact: true }).click();
    const area = page.getByRole('region', { name, exact: true });
    const row = area.locator('tbody tr').first();
    const form = area.locator('form').first();
    // That nothing is there is said below the area's own heading.
    const nothing = area.getByRole('heading', { level: 2 }).nth(1);
    await row.or(form).or(nothing).first().waitFor();
    // A row may also lead to another area.
    const link = row.locator(`a[href*="${new URL(page.url()).pathname}/"]`).first();
    if ((await row.count()) > 0 && (await link.count()) > 0) {
      await link.click();
      await page.waitForURL(/\/admin\/[a-z-]+\/[^/]+$/);
      // Its page leads back to the list.
      const list = new URL(page.url()).pathname.replace(/\/[^/]+$/, '');
      await area.locator(`a[href$="${list}"]`).first().waitFor();
    } else if ((await form.count()) === 0 && (await row.count()) === 0) empty.push(name);
  }
  // Of all else the demo desk has some.
  const mayBeEmpty = ['Import', 'Incoming mail', 'Jobs'];
  expect(empty.filter((name) => !mayBeEmpty.includes(name))).toEqual([]);
  await page.getByRole('link', { name: 'Workflows' }).click();
  const rule = 'Safety first';
  const rules = page.getByRole('grid', { name: 'Workflows in their order' });
  await rules.getByRole('link', { name: rule }).click();
  await page.waitForURL(/\/workflows\/[^/]+$/);
  await page
    .locator(`input[value="${rule}"]`)
    .or(page.getByRole('heading', { name: rule }))
    .first()
    .waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('an administrator adds a user and changes them', async () => {
  const desk = deskAt();
  const email = 'noor.haddad@altona-couriers.example';
  const { page, faults, context } = await visit('admin');
  await page.goto('/admin/users/new');
  await page.getByLabel('Name', { exact: true }).fill('Noor Hadad');
  await page.getByLabel('Email', { exact: true }).fill(email);
  await page.getByLabel('Password', { exact: true }).fill('a-long-password-2026');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { level: 2, name: 'Noor Hadad' }).waitFor();
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await page.getByLabel('Name', { exact: true }).fill('Noor Haddad');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { level: 2, name: 'Noor Haddad' }).waitFor();
  expect(await desk.ask('admin', 'GET', `users/${id}`)).toMatchObject({ name: 'Noor Haddad', email, role: 'customer' });
  expect(faults).toEqual([]);
  await context.close();
});
