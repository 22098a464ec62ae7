import { expect, test } from 'vitest';
import { openBrowser, visit } from './browser';
import { deskAt } from './desk';

openBrowser();

const soon = { timeout: 10_000 };

test('the key that resolves a ticket asks about what blocks it, as its button does', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'The gate stays shut' });
  const other = await desk.add({ subject: 'The gate has no power' });
  await desk.ask('admin', 'POST', `tickets/${other.id}/links`, { ticket: ticket.id, type: 'blocks' });
  const { page, faults, context } = await visit('agent');
  await page.goto(`/tickets/${ticket.ticket_number}`);
  const question = page.getByRole('dialog', { name: 'Open tickets block this one' });
  await page.getByRole('button', { name: 'Resolve' }).waitFor();
  await page.keyboard.press('e');
  await question.getByText(other.ticket_number).waitFor();
  await question.getByRole('button', { name: 'Don’t resolve' }).click();
  await question.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Status: Open' }).waitFor();
  expect(await desk.ticket(ticket.id)).toMatchObject({ status: 'open' });

  // What is said with it is said; of the status one is asked.
  await page.getByRole('textbox', { name: 'Reply' }).fill('It is open now.');
  await page.keyboard.press('Control+Shift+Enter');
  await page.getByRole('article', { name: 'Sending soon' }).waitFor();
  await question.getByRole('button', { name: 'Resolve anyway' }).click({ timeout: 20_000 });
  await expect.poll(() => desk.ticket(ticket.id), soon).toMatchObject({ status: 'resolved' });
  expect(faults).toEqual([]);
  await context.close();
});

test('who resolves with a reply and leaves is told what blocks the ticket', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'The bell rings all night' });
  const other = await desk.add({ subject: 'The bell has no switch' });
  await desk.ask('admin', 'POST', `tickets/${other.id}/links`, { ticket: ticket.id, type: 'blocks' });
  const { page, faults, context } = await visit('agent');
  await page.goto(`/tickets/${ticket.ticket_number}`);
  await page.getByRole('textbox', { name: 'Reply' }).fill('It is quiet now.');
  await page.keyboard.press('Control+Shift+Enter');
  await page.getByRole('article', { name: 'Sending soon' }).waitFor();
  await page.getByRole('link', { name: 'Back to the list' }).click();
  await page.getByRole('region', { name: 'Messages' }).getByText(other.ticket_number).waitFor();
  expect(await desk.ticket(ticket.id)).toMatchObject({ status: 'open' });
  expect(faults).toEqual([]);
  await context.close();
});

test('a subject that somebody else changed meanwhile is asked about, and not written over', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'The clock is slow' });
  const { page, faults, context } = await visit('agent');
  await page.goto(`/tickets/${ticket.ticket_number}`);
  await page.getByRole('button', { name: 'Change the subject' }).click();
  const field = page.getByRole('textbox', { name: 'Subject' });
  await field.fill('The clock is five minutes slow');
  await desk.change('manager', ticket.id, { subject: 'The clock in the hall is slow' });
  await field.press('Enter');
  const question = page.getByRole('dialog', { name: 'Somebody was quicker' });
  await question.getByText('The clock in the hall is slow').first().waitFor();
  expect(await desk.ticket(ticket.id)).toMatchObject({ subject: 'The clock in the hall is slow' });
  await question.getByRole('button', { name: 'Leave it as it is now' }).click();
  await page.getByRole('heading', { level: 1, name: 'The clock in the hall is slow' }).waitFor();
  expect(faults).toEqual([]);
  await context.close();
});
