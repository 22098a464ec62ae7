/** Working time: the timer, what is logged by hand, sheets, sums, and what an hour costs. */
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openBrowser, visit } from './browser';
import { deskAt } from './desk';
import { startServer } from './server';

openBrowser();

/** What is waited for comes when a busy machine has time for it. */
const PATIENT = { timeout: 20_000 };

interface Entry {
  id: string;
  hours: number;
  description: string | null;
  billable: boolean;
  started_at: string | null;
  ended_at: string | null;
  user: { name: string };
}

const desk = deskAt();
const entriesOf = async (ticket: { id: string }) =>
  (await desk.ask<{ items: Entry[] }>('admin', 'GET', `tickets/${ticket.id}/time-entries`)).items;
const timerOf = async (person: 'agent' | 'manager') =>
  (await desk.ask<{ timer: { is_running: boolean } | null }>(person, 'GET', 'timer')).timer;

const open = async (page: Page, ticket: { ticket_number: string; subject: string }) => {
  await page.goto(`/tickets/${ticket.ticket_number}`);
  await page.getByRole('heading', { level: 1, name: ticket.subject }).waitFor();
};
const panel = (page: Page) => page.getByRole('region', { name: 'Time', exact: true });
const openPanel = async (page: Page): Promise<Locator> => {
  const toggle = panel(page).getByRole('button', { name: 'Time', exact: true });
  if ((await toggle.getAttribute('aria-expanded')) !== 'true') await toggle.click();
  return panel(page);
};
const inFrame = (page: Page) => page.getByRole('navigation', { name: 'Main' }).getByRole('region', { name: 'Timer' });
const dialog = (page: Page) => page.getByRole('dialog');
const duration = (page: Page) => dialog(page).getByRole('textbox', { name: 'Duration' });
/** What an earlier test left running is none of this one's. */
const withoutTimer = () => desk.ask('agent', 'DELETE', 'timer').catch(() => undefined);
const palette = async (page: Page, wanted: string) => {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'What do you want to do?' }).fill(wanted);
  await page.getByRole('option', { name: wanted }).first().waitFor();
  await page.keyboard.press('Enter');
};

test('a timer is started on a ticket, seen everywhere, held elsewhere, and becomes an entry', async () => {
  const ticket = await desk.add({ subject: 'The clock of the station is slow', agent: 'agent' });
  const { page, faults, context } = await visit('agent');
  await open(page, ticket);
  await panel(page).getByRole('button', { name: 'Start timer' }).click();
  await inFrame(page).getByText(ticket.ticket_number).waitFor();
  const clock = inFrame(page).getByRole('timer');
  await expect.poll(() => clock.textContent(), PATIENT).toMatch(/^0:0\d:(?!0[01])\d\d$/);

  // It outlives a reload, and is on every page.
  await page.goto('/notifications');
  await inFrame(page).getByText(ticket.ticket_number).waitFor();

  // Another device holds it; who comes back to this one sees that.
  const other = await visit('agent');
  await inFrame(other.page).getByRole('button', { name: 'Pause timer' }).click();
  await inFrame(other.page).getByRole('button', { name: 'Resume timer' }).waitFor();
  await other.context.close();
  await expect
    .poll(async () => {
      await page.evaluate(() => window.dispatchEvent(new Event('focus')));
      return inFrame(page).getByRole('button', { name: 'Resume timer' }).isVisible();
    }, PATIENT)
    .toBe(true);
  const rested = await clock.textContent();
  await inFrame(page).getByRole('button', { name: 'Resume timer' }).click();
  await expect.poll(() => clock.textContent(), PATIENT).not.toBe(rested);

  // Stopping logs what the desk's rule makes of it, and asks what it was.
  await palette(page, 'Stop timer');
  await dialog(page).getByText('This was logged.').waitFor();
  expect(await timerOf('agent')).toBeNull();
  const [logged] = await entriesOf(ticket);
  expect(await duration(page).inputValue()).toBe(logged?.hours.toFixed(2));
  await dialog(page).getByLabel('Note').fill('Set it right');
  await dialog(page).getByLabel('Billable').check();
  await duration(page).fill('20m');
  await dialog(page).getByText('Is 0.33').waitFor();
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await dialog(page).waitFor({ state: 'detached' });
  expect(await entriesOf(ticket)).toMatchObject([{ hours: 0.33, description: 'Set it right', billable: true }]);
  await expect.poll(() => inFrame(page).count(), PATIENT).toBe(0);
  expect(faults).toEqual([]);
  await context.close();
});

test('there is one timer: another ticket gets it after a question, by keys alone', async () => {
  await withoutTimer();
  const first = await desk.add({ subject: 'The bell of the school is silent', agent: 'agent' });
  const second = await desk.add({ subject: 'The bell of the church is loud', agent: 'agent' });
  const { page, faults, context } = await visit('agent');
  await open(page, first);
  await panel(page).getByRole('button', { name: 'Start timer' }).waitFor();
  await page.keyboard.press('Shift+T');
  await inFrame(page).getByText(first.ticket_number).waitFor();
  await open(page, second);
  await inFrame(page).waitFor();
  await page.keyboard.press('Shift+T');
  await dialog(page).getByText(first.ticket_number).waitFor();
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  expect(await entriesOf(first)).toEqual([]);
  await page.keyboard.press('Shift+T');
  await dialog(page).getByRole('button', { name: 'Log and switch' }).click();
  await inFrame(page).getByText(second.ticket_number).waitFor();
  expect(await entriesOf(first)).toHaveLength(1);

  // The ticket's own key stops it, and the page's own one logs time, though the frame came after them.
  await page.reload();
  await inFrame(page).getByText(second.ticket_number).waitFor();
  await panel(page).getByRole('button', { name: 'Stop timer' }).waitFor();
  await page.keyboard.press('Shift+T');
  await dialog(page).getByText('This was logged.').waitFor();
  // Its ends are within one minute, and nobody touched them.
  await dialog(page).getByLabel('Note').fill('Rang');
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await dialog(page).waitFor({ state: 'detached' });
  expect(await entriesOf(second)).toMatchObject([{ description: 'Rang' }]);
  await desk.ask('agent', 'POST', 'timer/start', { ticket: first.id });
  await page.goto('/time');
  await page.getByRole('heading', { level: 1, name: 'Time' }).waitFor();
  await inFrame(page).waitFor();
  await page.keyboard.press('n');
  await dialog(page).getByRole('combobox', { name: 'Ticket' }).waitFor();
  await page.keyboard.press('Escape');
  await open(page, first);

  // What was started on another page meanwhile is told, not overrun.
  await withoutTimer();
  await page.reload();
  await panel(page).getByRole('button', { name: 'Start timer' }).waitFor();
  await desk.ask('agent', 'POST', 'timer/start', { ticket: first.id });
  await panel(page).getByRole('button', { name: 'Start timer' }).click();
  await dialog(page).getByText(first.ticket_number).waitFor();
  await page.keyboard.press('Escape');

  await palette(page, 'Discard timer');
  await dialog(page).getByText('is not logged').waitFor();
  await dialog(page).getByRole('button', { name: 'Discard' }).click();
  await expect.poll(() => timerOf('agent'), PATIENT).toBeNull();
  expect(await entriesOf(first)).toHaveLength(1);
  expect(faults).toEqual([]);
  await context.close();
});

test('a start that was not heard of is not taken for the next one, and only the timer shown is stopped', async () => {
  await withoutTimer();
  const ticket = await desk.add({ subject: 'The gate squeaks', agent: 'agent' });
  const other = await desk.add({ subject: 'The gate is stuck', agent: 'agent' });
  const { page, context } = await visit('agent');
  await open(page, ticket);
  const start = panel(page).getByRole('button', { name: 'Start timer' });
  await page.route(
    '**/api/timer/start',
    async (route) => {
      await route.fetch();
      await route.abort();
    },
    { times: 1 },
  );
  await start.click();
  await inFrame(page).getByText(ticket.ticket_number).waitFor();
  await palette(page, 'Discard timer');
  await dialog(page).getByRole('button', { name: 'Discard' }).click();
  await start.waitFor();
  await start.click();
  await inFrame(page).getByText(ticket.ticket_number).waitFor();
  expect(await timerOf('agent')).not.toBeNull();

  await withoutTimer();
  await desk.ask('agent', 'POST', 'timer/start', { ticket: other.id });
  await inFrame(page).getByRole('button', { name: 'Stop timer' }).click();
  await page.getByText('Another timer runs by now').waitFor();
  await inFrame(page).getByText(other.ticket_number).waitFor();
  expect([...(await entriesOf(ticket)), ...(await entriesOf(other))]).toEqual([]);
  await withoutTimer();
  await context.close();
});

test('time is logged by hand, once though its answer was lost, and corrected and taken away', async () => {
  const ticket = await desk.add({ subject: 'The stairs are not swept', agent: 'agent' });
  await desk.ask('manager', 'POST', `tickets/${ticket.id}/time-entries`, { hours: 0.17, description: 'Looked at it' });
  const { page, faults, context } = await visit('agent');
  await open(page, ticket);
  const section = await openPanel(page);
  await section.getByText('Looked at it').waitFor();
  // What a manager has spent is theirs to correct.
  expect(await section.getByRole('button', { name: /^Edit/ }).count()).toBe(0);

  await section.getByRole('button', { name: 'Log time' }).click();
  await duration(page).fill('half a day');
  await page.keyboard.press('Enter');
  await dialog(page).getByText('Write it as').waitFor();
  await duration(page).fill('1h 30m');
  await dialog(page).getByLabel('Note').fill('Swept');
  let tries = 0;
  await page.route('**/time-entries', async (route) => {
    tries += 1;
    if (route.request().method() !== 'POST' || tries > 1) return route.fallback();
    await route.fetch();
    await route.abort();
  });
  await duration(page).press('Enter');
  await dialog(page).getByText('can’t be reached').waitFor();
  expect(await duration(page).inputValue()).toBe('1h 30m');
  await dialog(page).getByRole('button', { name: 'Log time' }).click();
  await dialog(page).waitFor({ state: 'detached' });
  await page.unroute('**/time-entries');
  await section.getByText('Swept').waitFor();
  expect((await entriesOf(ticket)).map((one) => one.hours).sort()).toEqual([0.17, 1.5]);
  await section.getByText('1.67').waitFor();

  await section.getByRole('button', { name: /^Edit 1\.50/ }).click();
  await duration(page).fill('0,25');
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await dialog(page).waitFor({ state: 'detached' });
  await section.getByText('0.42').waitFor();

  await section.getByRole('button', { name: /^Delete 0\.25/ }).click();
  await dialog(page).getByText('no longer be counted').waitFor();
  await dialog(page).getByRole('button', { name: 'Cancel' }).click();
  await section.getByRole('button', { name: /^Delete 0\.25/ }).click();
  await dialog(page).getByRole('button', { name: 'Delete' }).click();
  await dialog(page).waitFor({ state: 'detached' });
  await section.getByText('Swept').waitFor({ state: 'detached' });
  expect((await entriesOf(ticket)).map((one) => one.hours)).toEqual([0.17]);
  expect(faults).toEqual([]);
  await context.close();
});

test('an overlap is told and kept, and what somebody else corrected is not overrun', async () => {
  const ticket = await desk.add({ subject: 'The lamp in the yard flickers', agent: 'agent' });
  const { page, faults, context } = await visit('agent', { timezoneId: 'Europe/Berlin' });
  await open(page, ticket);
  const section = await openPanel(page);
  const logFrom = async (from: string, to: string) => {
    await section.getByRole('button', { name: 'Log time' }).click();
    await dialog(page).getByLabel('Start and end').check();
    await dialog(page).getByLabel('Day', { exact: true }).fill('2026-03-02');
    await dialog(page).getByLabel('Start', { exact: true }).fill(from);
    await dialog(page).getByLabel('End', { exact: true }).fill(to);
    await dialog(page).getByRole('button', { name: 'Log time' }).click();
  };
  await logFrom('09:00', '10:00');
  await section.getByText('09:00–10:00').waitFor();
  await logFrom('09:30', '11:00');
  await dialog(page).getByText('overlaps other time').waitFor();
  await dialog(page).getByText('09:00–10:00').waitFor();
  await dialog(page).getByRole('button', { name: 'Correct it' }).click();
  await dialog(page).getByLabel('Start', { exact: true }).fill('10:00');
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await dialog(page).waitFor({ state: 'detached' });
  await section.getByText('10:00–11:00').waitFor();
  // What was corrected is no draft of new time.
  await section.getByRole('button', { name: 'Log time' }).click();
  expect(await duration(page).inputValue()).toBe('');
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });

  await section.getByRole('button', { name: /^Edit/ }).first().click();
  await dialog(page).getByLabel('Note').fill('Mine');
  const [newest] = await entriesOf(ticket);
  await desk.ask('manager', 'PATCH', `time-entries/${newest?.id}`, { billable: true });
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await dialog(page).getByText('Somebody else has changed this').waitFor();
  expect(await dialog(page).getByLabel('Note').inputValue()).toBe('Mine');
  expect(await dialog(page).getByLabel('Billable').isChecked()).toBe(true);
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await dialog(page).waitFor({ state: 'detached' });
  expect((await entriesOf(ticket))[0]).toMatchObject({ description: 'Mine', billable: true });
  expect(faults).toEqual([]);
  await context.close();
});

test('the sheet is written where it stands, for oneself and by managers for others', async () => {
  const ticket = await desk.add({ subject: 'The hedge at the gate is high', agent: 'agent' });
  await desk.ask('agent', 'POST', `tickets/${ticket.id}/time-entries`, { hours: 0.5 });
  const { page, faults, context } = await visit('agent');
  await page.getByRole('link', { name: 'Time' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await page.getByRole('heading', { level: 1, name: 'Time' }).waitFor();
  const grid = page.getByRole('table', { name: 'Hours by ticket and day' });
  const row = grid.getByRole('row', { name: ticket.subject });
  const cell = row.getByRole('textbox', { name: /./ }).last();
  await expect.poll(() => cell.inputValue(), PATIENT).toBe('0.50');
  await cell.fill('never');
  await cell.press('Enter');
  await page.getByText('Write it as').waitFor();
  expect(await cell.inputValue()).toBe('never');
  await cell.fill('1:15');
  await cell.press('Enter');
  await row.getByText('1.25').waitFor();
  expect(await entriesOf(ticket)).toMatchObject([{ hours: 1.25 }]);
  await expect.poll(() => cell.inputValue(), PATIENT).toBe('1.25');

  // What is written while something is on its way corrects that: it is no time more.
  const fresh = await desk.add({ subject: 'The hedge at the back is low', agent: 'agent' });
  await page.getByRole('button', { name: 'Add a ticket' }).click();
  await page.getByRole('combobox', { name: 'Add a ticket' }).fill(fresh.ticket_number);
  await page.getByRole('option', { name: fresh.subject }).click();
  const second = grid.getByRole('row', { name: fresh.subject }).getByRole('textbox').last();
  let goOn = (): void => undefined;
  const held = new Promise<void>((resolve) => (goOn = resolve));
  await page.route(
    '**/time-entries',
    async (route) => {
      await held;
      await route.continue();
    },
    { times: 1 },
  );
  await second.fill('1');
  await second.press('Enter');
  await second.fill('1.5');
  await second.press('Enter');
  goOn();
  await expect.poll(() => second.inputValue(), PATIENT).toBe('1.50');
  expect(await entriesOf(fresh)).toMatchObject([{ hours: 1.5 }]);
  // A second one on the same day is no single number any more.
  await desk.ask('agent', 'POST', `tickets/${ticket.id}/time-entries`, { hours: 1 });
  await page.reload();
  await row.getByRole('button', { name: /^2\.25/ }).click();
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(
    /^Edit 1\.25|^Edit 1\.00/,
  );
  expect(await page.getByLabel('Whose time').count()).toBe(0);

  await page.keyboard.press(',');
  await page.getByRole('button', { name: 'This week' }).and(page.locator(':enabled')).waitFor();
  await page.getByRole('link', { name: 'Month' }).click();
  await page.getByRole('table', { name: 'Hours by day' }).waitFor();
  await context.close();

  const boss = await visit('manager');
  await boss.page.goto('/time');
  await boss.page.getByRole('combobox', { name: 'Whose time' }).fill('Amelie');
  await boss.page.getByRole('option', { name: /^Amelie Brandt/ }).click();
  await boss.page
    .getByRole('table', { name: 'Hours by ticket and day' })
    .getByRole('row', { name: ticket.subject })
    .waitFor();
  expect([...faults, ...boss.faults]).toEqual([]);
  await boss.context.close();

  const customer = await visit('customer');
  await customer.page.goto('/time');
  await customer.page.getByRole('heading', { level: 1 }).first().waitFor();
  expect(await customer.page.getByRole('heading', { level: 1, name: 'Time' }).count()).toBe(0);
  await customer.context.close();
});

test('an hour has a price by organization, which sums tell in its currency', async () => {
  const { items } = await desk.ask<{ items: { id: string; name: string }[] }>(
    'admin',
    'GET',
    'organizations?limit=100',
  );
  const company = items.find((one) => one.name === 'Altona Couriers');
  const ticket = await desk.add({ subject: 'The van is in the way', agent: 'agent' });
  const { page, faults, context } = await visit('admin');
  await page.goto(`/admin/organizations/${company?.id}`);
  const price = page.getByRole('textbox', { name: 'Price of an hour' });
  await price.fill('1.234');
  await price.press('Enter');
  await page.getByText('Write it as 85 or').waitFor();
  await price.fill('70,05');
  await page.getByLabel('Currency', { exact: true }).fill('chf');
  await price.press('Enter');
  await page.getByText('Saved.').waitFor();
  const rule = await desk.ask<{ rates: { organization_id: string; amount_minor: number; currency: string }[] }>(
    'admin',
    'GET',
    'time-tracking',
  );
  expect(rule.rates.find((one) => one.organization_id === company?.id)).toMatchObject({
    amount_minor: 7005,
    currency: 'CHF',
  });
  expect(rule.rates.length).toBeGreaterThan(1);

  await desk.ask('agent', 'POST', `tickets/${ticket.id}/time-entries`, { hours: 2, billable: true });
  await page.goto('/time?view=summary&by=organization');
  const row = page.getByRole('table', { name: 'Time, summed up' }).getByRole('row', { name: 'Altona Couriers' });
  await row.getByText(/CHF\s?140\.10/).waitFor();

  await page.goto('/admin/time');
  await page.getByLabel('Step', { exact: true }).selectOption('15');
  await page.getByLabel('To which side', { exact: true }).selectOption('nearest');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').first().waitFor();
  expect(await desk.ask('agent', 'GET', 'time-tracking')).toMatchObject({ round_to_minutes: 15, round: 'nearest' });
  expect(faults).toEqual([]);
  await context.close();
});

test('the timer outlives a restart of the desk', { timeout: 120_000 }, async () => {
  const server = await startServer();
  const own = deskAt(server.origin);
  const ticket = await own.add({ subject: 'The mill stands still', agent: 'agent' });
  await own.ask('agent', 'POST', 'timer/start', { ticket: ticket.id });
  const { page, context } = await visit('agent', {}, server.origin);
  await inFrame(page).getByText(ticket.ticket_number).waitFor();
  await server.restart();
  await page.reload();
  await inFrame(page).getByText(ticket.ticket_number).waitFor();
  await context.close();
  await server.stop();
});
