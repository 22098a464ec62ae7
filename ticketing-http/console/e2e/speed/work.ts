/** What people do all day, by the keyboard. */
import type { Page } from 'playwright-core';

const ROW = '[role=row][data-ticket]';

export interface Work {
  /** Goes to the queue of this place in the menu. */
  toQueue: (place: number) => Promise<void>;
  /** Goes on by so many rows. */
  down: (steps: number) => Promise<void>;
  scroll: () => Promise<void>;
  filter: () => Promise<void>;
  choose: () => Promise<void>;
  palette: () => Promise<void>;
  /** Opens the ticket that the keyboard stands on, and waits for what was said on it. */
  open: () => Promise<void>;
  /** Sends something; leaving the ticket sends it at once. */
  reply: (text: string) => Promise<void>;
  leave: () => Promise<void>;
  toNotifications: () => Promise<void>;
}

export function workAt(page: Page): Work {
  const rows = page.locator(ROW);
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const dialog = page.getByRole('dialog');
  return {
    toQueue: async (place) => {
      await press('g', String(place));
      // A list of what is at risk may be empty; it says so then.
      await rows
        .or(page.locator('main').getByRole('heading', { level: 2 }))
        .first()
        .waitFor();
    },
    down: async (steps) => {
      for (let at = 0; at < steps; at += 1) await press('j');
      await page.locator(`${ROW}:focus`).waitFor();
    },
    scroll: async () => {
      await page.mouse.move(800, 500);
      for (const by of [2_000, 2_000, -5_000]) await page.mouse.wheel(0, by);
    },
    filter: async () => {
      await press('/');
      await page.getByRole('menuitem', { name: 'Priority' }).click();
      await page.getByRole('menuitemcheckbox', { name: 'High' }).click();
      await press('Escape');
      await page.getByRole('button', { name: 'Reset' }).click();
      await rows.first().waitFor();
    },
    choose: async () => {
      await press('x', 'Shift+j', 'Escape');
    },
    palette: async () => {
      await press('Control+k');
      await dialog.getByRole('option').first().waitFor();
      await page.keyboard.type('queue');
      await press('Escape');
      await dialog.waitFor({ state: 'hidden' });
    },
    open: async () => {
      await press('Enter');
      await page.locator('[data-message]').first().waitFor();
    },
    reply: async (text) => {
      await press('r');
      await page.locator('textarea:focus').fill(text);
      await press('Control+Enter');
      await page.getByRole('article', { name: 'Sending soon' }).waitFor();
    },
    leave: async () => {
      await page.getByRole('link', { name: 'Back to the list' }).click();
      await rows.first().waitFor();
    },
    toNotifications: async () => {
      await press('g', 'n');
      await page.getByRole('heading', { level: 1, name: 'Notifications' }).waitFor();
    },
  };
}
