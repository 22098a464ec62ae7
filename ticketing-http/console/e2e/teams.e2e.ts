/** Teams that route: who may set what, who holds how much, why somebody got a ticket, and who takes work. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, visit } from './browser';
import { deskAt } from './desk';

openBrowser();

const desk = deskAt();
const soon = { timeout: 15_000 };

interface Named {
  id: string;
  name: string;
}

type Made = Named & { version: number };
let team: Made;
const idOf = (who: 'agent' | 'manager') => desk.ask<{ id: string }>(who, 'GET', 'auth/me');

beforeAll(async () => {
  const [agent, manager] = await Promise.all([idOf('agent'), idOf('manager')]);
  team = await desk.ask<Made>('admin', 'POST', 'teams', { name: 'Ferries', routing: 'least_loaded', capacity: 400 });
  await desk.ask('admin', 'POST', `teams/${team.id}/members`, { user_id: agent.id });
  await desk.ask('admin', 'POST', `teams/${team.id}/members`, { user_id: manager.id, role: 'lead' });
});
afterAll(() =>
  Promise.all(
    (['agent', 'manager'] as const).map((who) => desk.ask(who, 'PATCH', 'auth/me', { availability: 'online' })),
  ),
);

/** A ticket that comes to the team and looks for its agent. */
const arrive = async (subject: string, tags: string[] = []) => {
  const ticket = await desk.add({ subject, tags });
  return desk.ask<{ id: string; ticket_number: string; assigned_agent_id: string | null; version: number }>(
    'admin',
    'PATCH',
    `tickets/${ticket.id}`,
    { team_id: team.id },
  );
};
const tabOf = (page: Page, name: string) =>
  page.getByRole('navigation', { name: team.name }).getByRole('link', { name, exact: true });
const rowOf = (table: Locator, name: string) => table.getByRole('row').filter({ hasText: name });

test('a manager sets how a team routes, and what its members can; what is refused stays there', async () => {
  const { page, faults, context } = await visit('manager');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: team.name }).click();
  await page.getByRole('combobox', { name: 'Routing' }).selectOption({ label: 'In turn' });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved.').waitFor();
  expect(await desk.ask('admin', 'GET', `teams/${team.id}`)).toMatchObject({ routing: 'round_robin' });

  const skills = page.getByRole('textbox', { name: 'Skills of Amelie Brandt' });
  await skills.fill('ramps, Radar');
  await skills.press('Enter');
  const members = () =>
    desk.ask<{ items: { name: string; skills: string[] }[] }>('admin', 'GET', `teams/${team.id}/members`);
  const kept = async () => (await members()).items.find((one) => one.name === 'Amelie Brandt')?.skills.toSorted();
  await expect.poll(kept, soon).toEqual(['Radar', 'ramps']);

  const long = 'x'.repeat(300);
  await skills.fill(`ramps, ${long}`);
  await skills.press('Enter');
  await page.locator('[aria-invalid="true"]').waitFor();
  expect(await skills.inputValue()).toBe(`ramps, ${long}`);
  expect(await kept()).toEqual(['Radar', 'ramps']);
  expect(faults).toEqual([]);
  await context.close();
});

test('an agent sees what a team has to do and is offered nothing else', async () => {
  const { page, faults, context } = await visit('agent');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await page.getByRole('heading', { level: 2, name: 'Teams' }).waitFor();
  expect(await page.getByRole('link', { name: 'New team' }).count()).toBe(0);
  await page.getByRole('link', { name: team.name }).click();
  const table = page.getByRole('table', { name: 'Load' });
  await rowOf(table, 'Tomas Rivera').getByText('Lead').waitFor();
  await rowOf(table, 'Amelie Brandt').getByText('of 400').waitFor();
  expect(await tabOf(page, 'Load').getAttribute('aria-current')).toBe('page');
  expect(await tabOf(page, 'Settings').count()).toBe(0);
  expect(await tabOf(page, 'Numbers').count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Delete the team' }).count()).toBe(0);

  // What the address asks for is not shown to whoever may not see it.
  await page.goto(`/admin/teams/${team.id}?tab=analytics`);
  await table.waitFor();
  await page.goto('/admin/users');
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('load is live: who goes away is shown so, and what comes is counted', async () => {
  const { page, faults, context } = await visit('manager');
  await page.goto(`/admin/teams/${team.id}?tab=load`);
  const row = rowOf(page.getByRole('table', { name: 'Load' }), 'Amelie Brandt');
  await row.getByText('Online').waitFor();
  await page.getByText('No ticket waits for somebody.').waitFor();
  for (const who of ['agent', 'manager'] as const) await desk.ask(who, 'PATCH', 'auth/me', { availability: 'away' });
  await row.getByText('Away').waitFor();
  expect(await arrive('The ferry waits')).toMatchObject({ assigned_agent_id: null });
  await page.getByRole('link', { name: 'One ticket waits for somebody' }).click();
  await page.getByRole('link', { name: 'The ferry waits' }).waitFor();

  await page.goto(`/admin/teams/${team.id}?tab=load`);
  await page.getByText('One ticket waits').waitFor();
  await desk.ask('agent', 'PATCH', 'auth/me', { availability: 'online' });
  await row.getByText('Online').waitFor();
  // It is counted every 20 seconds at most.
  await page.getByText('No ticket waits for somebody.').waitFor({ timeout: 30_000 });
  expect(faults).toEqual([]);
  await context.close();
});

test('a ticket and its team tell who was looked at and why most did not get it', async () => {
  await desk.ask('agent', 'PATCH', 'auth/me', { availability: 'online' });
  await desk.ask('manager', 'PATCH', 'auth/me', { availability: 'away' });
  const ticket = await arrive('The ramp is stuck', ['ramps']);
  expect(ticket.assigned_agent_id).not.toBeNull();
  const { page, faults, context } = await visit('manager');
  let asked = 0;
  page.on('request', (request) => {
    if (/\/api\/tickets\/[^/]+\/routing/.test(request.url())) asked += 1;
  });
  await page.goto(`/tickets/${ticket.ticket_number}`);
  const panel = page.getByRole('complementary');
  const assignment = panel.getByRole('button', { name: 'Assignment' });
  await assignment.waitFor();
  expect(asked).toBe(0);
  await assignment.click();
  await panel.getByRole('button', { name: 'Amelie Brandt got it' }).waitFor();
  const considered = panel.getByRole('listitem');
  await considered.filter({ hasText: 'Tomas Rivera' }).filter({ hasText: 'Lacks a skill' }).first().waitFor();
  await panel.getByText('Skills that it asks for: ramps').waitFor();
  expect(asked).toBe(1);

  await page.goto(`/admin/teams/${team.id}?tab=routing`);
  await page.getByRole('link', { name: `${ticket.ticket_number} The ramp is stuck` }).waitFor();
  await page
    .getByRole('button', { name: /got it/ })
    .first()
    .press('Enter');
  await page.getByText('Lacks a skill').waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('whether one takes work is said in one press or by the palette, and holds in every window', async () => {
  const { page, faults, context } = await visit('agent');
  const me = (target: Page) => target.getByRole('button', { name: /^Amelie Brandt, .*account, theme/ });
  const second = await context.newPage();
  await second.goto('/');
  await me(page).waitFor();
  await desk.ask('agent', 'PATCH', 'auth/me', { availability: 'online' });
  const says = (target: Page, word: string) =>
    target.getByRole('button', { name: `Amelie Brandt, ${word}:` }).waitFor();
  await Promise.all([says(page, 'Online'), says(second, 'Online')]);
  await page.getByRole('button', { name: 'Go away for a while' }).click();
  await Promise.all([says(page, 'Away'), says(second, 'Away')]);
  expect(await desk.ask('agent', 'GET', 'auth/me')).toMatchObject({ availability: 'away' });

  await second.keyboard.press('Control+k');
  await second.getByRole('combobox', { name: 'What do you want to do?' }).fill('go offline');
  await second.keyboard.press('Enter');
  await Promise.all([says(page, 'Offline'), says(second, 'Offline')]);

  await me(page).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitemradio', { name: 'Online' }).press('Enter');
  await Promise.all([says(page, 'Online'), says(second, 'Online')]);
  expect(faults).toEqual([]);
  await context.close();
});

test('who can’t say it is told so, and shown as before', async () => {
  await desk.ask('agent', 'PATCH', 'auth/me', { availability: 'online' });
  const { page, context } = await visit('agent');
  // Without a socket it goes by a request.
  await page.routeWebSocket(/socket\.io/, (socket) => void socket.close());
  await page.route('**/api/auth/me', (route) =>
    route.request().method() === 'PATCH' ? route.abort() : route.fallback(),
  );
  await page.reload();
  await page.getByRole('button', { name: 'Go away for a while' }).click();
  await page.getByText('The server can’t be reached').waitFor();
  await page.getByRole('button', { name: 'Amelie Brandt, Online:' }).waitFor();
  expect(await desk.ask('agent', 'GET', 'auth/me')).toMatchObject({ availability: 'online' });
  await context.close();
});

test('a manager reads what a team got done, over days of choice', async () => {
  const { items } = await desk.ask<{ items: Named[] }>('manager', 'GET', 'teams?limit=1');
  const [first] = items;
  if (first === undefined) throw new Error('the demo desk has teams');
  const { page, faults, context } = await visit('manager', { timezoneId: 'Europe/Berlin' });
  const told = page.waitForResponse((answer) => answer.url().includes('/analytics'));
  await page.goto(`/admin/teams/${first.id}?tab=analytics`);
  const report = (await (await told).json()) as { resolved: number; created: number };
  const volume = page.getByRole('table', { name: 'Volume' });
  await rowOf(volume, 'Resolved').getByText(String(report.resolved), { exact: true }).waitFor();
  await rowOf(volume, 'Made in the team').getByText(String(report.created), { exact: true }).waitFor();
  await rowOf(page.getByRole('table', { name: 'Times' }), 'First response')
    .getByText(/hour|day/)
    .first()
    .waitFor();
  await rowOf(page.getByRole('table', { name: 'Promises' }), 'First response')
    .getByText(/%/)
    .waitFor();
  await rowOf(page.getByRole('table', { name: 'Members' }), 'Amelie Brandt').waitFor();

  const period = page.getByRole('combobox', { name: 'Period' });
  const week = page.waitForRequest((request) => request.url().includes('/analytics'));
  await period.selectOption({ label: 'Last 7 days' });
  const asked = new URL((await week).url()).searchParams;
  expect(asked.get('from')).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(asked.get('time_zone')).toBe('Europe/Berlin');
  await page.waitForURL(/days=7/);
  await period.selectOption({ label: 'From … to …' });
  await page.getByLabel('To', { exact: true }).fill('2020-01-01');
  await page.getByLabel('From', { exact: true }).fill('2020-01-31');
  await page.getByRole('alert').waitFor();
  await page.getByLabel('To', { exact: true }).fill('2020-02-29');
  await rowOf(volume, 'Resolved').getByText('0', { exact: true }).waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('what somebody holds who is long offline is given away after as long as the desk says', async () => {
  const { page, faults, context } = await visit('admin');
  await page.goto('/admin/brand');
  const group = page.getByRole('group', { name: 'Give away what somebody holds' });
  await group.getByRole('checkbox').check();
  expect(await group.getByLabel('After').inputValue()).toBe('30');
  await group.getByLabel('After').fill('0');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await group.locator('[aria-invalid="true"]').waitFor();
  await group.getByLabel('After').fill('2');
  await group.getByLabel('Unit').selectOption({ label: 'hours' });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(() => desk.ask('admin', 'GET', 'desk'), soon).toMatchObject({ reroute_after: '2h' });
  await group.getByRole('checkbox').uncheck();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(() => desk.ask('admin', 'GET', 'desk'), soon).toMatchObject({ reroute_after: null });
  expect(faults).toEqual([]);
  await context.close();
});
