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
  await question.getByRole('button', { name: 'Keep the choice' }).click();
  await question.waitFor({ state: 'hidden' });
  await expect.poll(() => desk.ticket(ticket.id), { timeout: 10_000 }).toMatchObject({ priority: 'high' });
  await page.getByRole('button', { name: 'Priority: High' }).waitFor();
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
