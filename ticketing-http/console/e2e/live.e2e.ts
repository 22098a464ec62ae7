import { expect, test } from 'vitest';
import { openBrowser, visit } from './browser';
import { deskAt } from './desk';

openBrowser();

test('two people on one ticket see each other write, and what was written', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'The lights on platform two flicker' });
  const [agent, manager] = await Promise.all([visit('agent'), visit('manager')]);
  await Promise.all([agent, manager].map(({ page }) => page.goto(`/tickets/${ticket.ticket_number}`)));
  await manager.page.getByRole('img', { name: 'Also looking: Amelie Brandt' }).waitFor();
  await agent.page.getByRole('img', { name: 'Also looking: Tomas Rivera' }).waitFor();

  const said = 'An electrician is on the way.';
  await agent.page.getByRole('textbox', { name: 'Reply' }).pressSequentially(said);
  await manager.page.getByText('Amelie Brandt is writing a reply…').waitFor();
  await agent.page.keyboard.press('Control+Enter');
  await agent.page.getByRole('article', { name: 'Sending soon' }).waitFor();
  // Whoever leaves a ticket does not wait for what can be taken back.
  await agent.page.getByRole('link', { name: 'Back to the list' }).click();
  await manager.page.getByRole('article').getByText(said).waitFor();
  await manager.page.getByText('Amelie Brandt is writing').waitFor({ state: 'hidden' });
  await manager.page.getByRole('img', { name: 'Also looking' }).waitFor({ state: 'hidden' });
  expect([...agent.faults, ...manager.faults]).toEqual([]);
  await Promise.all([agent.context.close(), manager.context.close()]);
});

test('whoever is second to change a field is asked, and of other fields nobody is', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'The lift stops between floors' });
  const { page, faults, context } = await visit('agent');
  await page.goto(`/tickets/${ticket.ticket_number}`);
  const priority = page.getByRole('button', { name: /^Priority: / });
  await priority.waitFor();

  // The other is quicker than the line: theirs is there before this change arrives.
  const overtaking = async (change: { priority: string } | { category: string }) => {
    await page.route(
      '**/api/tickets/*',
      async (route) => {
        await desk.change('manager', ticket.id, change);
        await route.continue();
      },
      { times: 1 },
    );
  };
  await overtaking({ category: 'lifts' });
  await priority.click();
  await page.getByRole('menuitemradio', { name: 'Low' }).click();
  await expect
    .poll(() => desk.ticket(ticket.id), { timeout: 10_000 })
    .toMatchObject({ priority: 'low', category: 'lifts' });
  expect(await page.getByRole('dialog', { name: 'Somebody was quicker' }).count()).toBe(0);

  await overtaking({ priority: 'critical' });
  await priority.click();
  await page.getByRole('menuitemradio', { name: 'High' }).click();
  const question = page.getByRole('dialog', { name: 'Somebody was quicker' });
  await question.getByText('Tomas Rivera has changed the same').waitFor();
  // Until it is answered theirs stands.
  expect(await desk.ticket(ticket.id)).toMatchObject({ priority: 'critical' });
  // The keys of the page, which lead away from the question, do nothing meanwhile.
  await question.getByRole('button', { name: 'Keep the choice' }).focus();
  for (const key of ['u', 'c', 'Control+k']) await page.keyboard.press(key);
  expect(await page.getByRole('dialog').count()).toBe(1);
  expect(new URL(page.url()).pathname).toBe(`/tickets/${ticket.ticket_number}`);
  await question.getByRole('button', { name: 'Keep the choice' }).click();
  await question.waitFor({ state: 'hidden' });
  await expect.poll(() => desk.ticket(ticket.id), { timeout: 10_000 }).toMatchObject({ priority: 'high' });
  await page.getByRole('button', { name: 'Priority: High' }).waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('who holds the keys that escalate a ticket escalates it once', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'The lift is stuck again', agent: 'agent' });
  const { page, faults, context } = await visit('agent');
  await page.goto(`/tickets/${ticket.ticket_number}`);
  await page.getByRole('button', { name: 'More actions' }).first().click();
  await page.getByRole('menuitem', { name: 'Escalate …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Escalate' });
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Somebody is in it.');
  let asked = 0;
  let go = () => undefined as unknown;
  const gone = new Promise<void>((done) => (go = done));
  await page.route('**/api/tickets/*/escalate', async (route) => {
    asked += 1;
    await gone;
    await route.continue();
  });
  await page.keyboard.down('Control');
  // A key that is held comes again and again.
  for (let at = 0; at < 5; at += 1) await page.keyboard.down('Enter');
  await dialog.locator('button[aria-busy]').waitFor();
  await page.keyboard.down('Enter');
  await page.keyboard.up('Enter');
  await page.keyboard.up('Control');
  go();
  await dialog.waitFor({ state: 'hidden' });
  expect(asked).toBe(1);
  expect(faults).toEqual([]);
  await context.close();
});

test('a customer who comes back to the list finds it as it is by then', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'The queue at the counter' });
  const { page, faults, context } = await visit('customer');
  const row = page.getByRole('listitem').filter({ hasText: ticket.subject });
  await row.getByText('Open', { exact: true }).waitFor();
  await row.getByRole('link').click();
  await page.getByRole('heading', { level: 1, name: ticket.subject }).waitFor();
  await desk.change('manager', ticket.id, { status: 'pending' });
  const other = await desk.add({ subject: 'The queue at the gate' });
  // One event is heard here after the other: once this is seen, both were.
  await desk.say('manager', ticket.id, 'We have opened a second one.');
  await page.getByRole('article').getByText('We have opened a second one.').waitFor();
  await page.getByRole('link', { name: 'My tickets' }).first().click();
  await page.getByRole('listitem').filter({ hasText: other.subject }).waitFor();
  await row.waitFor();
  expect(await row.getByText('Open', { exact: true }).count()).toBe(0);
  expect(faults).toEqual([]);
  await context.close();
});

test('a new ticket waits above a list that somebody works in', async () => {
  const desk = deskAt();
  await desk.add({ subject: 'First of the pill', tags: ['pill'] });
  const { page, faults, context } = await visit('agent');
  await page.goto('/?queue=open&tag=pill');
  const rows = page.locator('[role=row][data-ticket]');
  await rows.first().waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.getByRole('toolbar').getByText('1 selected').waitFor();
  await desk.add({ subject: 'Second of the pill', tags: ['pill'] });
  const pill = page.getByRole('button', { name: '1 new ticket' });
  await pill.waitFor();
  expect(await rows.count()).toBe(1);
  await pill.click();
  await rows.filter({ hasText: 'Second of the pill' }).waitFor();
  expect(await rows.first().textContent()).toContain('Second of the pill');
  await pill.waitFor({ state: 'hidden' });
  expect(faults).toEqual([]);
  await context.close();
});
