import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openBrowser, visit, type Visit } from './browser';
import { deskAt } from './desk';
import { overflowing, widthsFor } from './narrow';
import { calm, open, screens, watch, type Screen } from './screens';

openBrowser();

/** The rules of WCAG 2.2 AA, and what is good practice beside them. */
const ALL = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** In the dark only colours differ. */
const COLOURS = ['color-contrast', 'link-in-text-block'];
/** On a phone some is laid out otherwise, and some is there instead. */
const LAYOUT = [
  'target-size',
  'scrollable-region-focusable',
  'region',
  'button-name',
  'link-name',
  'label',
  'aria-hidden-focus',
  'aria-required-children',
  'aria-required-parent',
  'list',
];

/** What is wrong with a page, in a few lines each. */
async function faultsOf(page: Page, only?: string[], but: readonly string[] = []): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const found = await page.evaluate(
    ([tags, rules, off]) =>
      (window as unknown as { axe: typeof axe }).axe.run(document, {
        ...(rules === undefined
          ? {
              runOnly: { type: 'tag', values: tags },
              // The first is asked for by no tag alone.
              rules: Object.fromEntries(
                ['target-size', ...off].map((id) => [id, { enabled: id === 'target-size' }] as const),
              ),
            }
          : { runOnly: { type: 'rule', values: rules } }),
        resultTypes: ['violations'],
      }),
    [ALL, only, but] as const,
  );
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id} ${node.target.join(' ')}\n  ${node.failureSummary ?? ''}\n  ${node.html}`),
  );
}

async function faultsInBoth(page: Page, but?: readonly string[]): Promise<string[]> {
  const light = await faultsOf(page, undefined, but);
  await page.emulateMedia({ colorScheme: 'dark' });
  await calm(page);
  const dark = await faultsOf(page, COLOURS);
  await page.emulateMedia({ colorScheme: 'light' });
  return [...light, ...dark.map((one) => `in the dark: ${one}`)];
}

const visits = new Map<Screen['who'], Promise<Visit>>();
/** One window for each who looks. */
async function pageOf(who: Screen['who']): Promise<Page> {
  let kept = visits.get(who);
  if (kept === undefined) {
    kept = visit(who === 'nobody' ? undefined : who, { colorScheme: 'light' });
    visits.set(who, kept);
    watch((await kept).page);
  }
  return (await kept).page;
}

const all = await screens(deskAt());
const ticket = all.find(({ who, path }) => who === 'agent' && path.startsWith('/tickets/TKT')) ?? {
  path: '',
  heading: '',
};

test.each(all)('$path, as $who sees it', async ({ who, path, heading }) => {
  const page = await pageOf(who);
  const told: string[] = [];
  await page.setViewportSize({ width: 1280, height: 800 });
  await open(page, path, heading);
  told.push(...(await faultsInBoth(page)));
  for (const width of widthsFor({ who })) {
    await page.setViewportSize({ width, height: 700 });
    await calm(page);
    told.push(...(await overflowing(page)).map((one) => `${width}: ${one}`));
    if (width < 640) told.push(...(await faultsOf(page, LAYOUT)).map((one) => `${width}: ${one}`));
  }
  expect(told).toEqual([]);
});

interface Overlay extends Screen {
  name: string;
  /** Rules that do not hold there. */
  but?: readonly string[];
  show: (page: Page) => Promise<unknown>;
}

const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
const dialog = (page: Page) => page.getByRole('dialog').first().waitFor();
const onTicket = { who: 'agent', path: ticket.path, heading: ticket.heading } as const;
const inQueue = { who: 'agent', path: '/?queue=open', heading: 'All open' } as const;
const byPalette = (title: string) => async (page: Page) => {
  await press(page, 'Control+k');
  await page.getByRole('combobox', { name: 'What do you want to do?' }).fill(title);
  await press(page, 'Enter');
};
const some = async (page: Page, count: number) => {
  await page.locator('[role=row][data-ticket]').nth(count).waitFor();
  for (let at = 0; at < count; at += 1) await press(page, 'j', 'x');
  await page.getByRole('toolbar').waitFor();
};

const overlays: Overlay[] = [
  {
    ...inQueue,
    name: 'the palette',
    show: async (page) => {
      await press(page, 'Control+k');
      await page.getByRole('combobox').fill('go');
      await page.getByRole('option').first().waitFor();
    },
  },
  { ...inQueue, name: 'the keys', show: (page) => press(page, '?').then(() => dialog(page)) },
  {
    ...inQueue,
    name: 'the menu of who one is',
    show: async (page) => {
      await page.getByRole('button', { name: /account, theme/ }).click();
      await page.getByRole('menu').waitFor();
    },
  },
  { ...inQueue, name: 'the bar of what is chosen', show: (page) => some(page, 2) },
  {
    ...inQueue,
    name: 'the status of what is chosen',
    show: async (page) => {
      await some(page, 2);
      await press(page, 's');
      await page.getByRole('menuitem').first().waitFor();
    },
  },
  {
    ...inQueue,
    name: 'what to filter by',
    show: (page) => press(page, '/').then(() => page.getByRole('menuitem').first().waitFor()),
  },
  {
    ...inQueue,
    name: 'how the list looks',
    show: (page) =>
      page
        .getByRole('button', { name: 'Display' })
        .click()
        .then(() => dialog(page)),
  },
  ...['s', 'l', 'a', 'z'].map((key) => ({
    ...onTicket,
    name: `what ${key} opens`,
    show: (page: Page) => press(page, key).then(() => dialog(page)),
  })),
  ...['Merge …', 'Split …', 'Escalate …'].map((title) => ({
    ...onTicket,
    name: title,
    show: async (page: Page) => {
      await byPalette(title)(page);
      await page.getByRole('dialog', { name: /./ }).getByRole('button').first().waitFor();
    },
  })),
  {
    ...onTicket,
    name: 'more actions',
    show: async (page) => {
      await page.getByRole('button', { name: 'More actions' }).first().click();
      await page.getByRole('menu').waitFor();
    },
  },
  {
    ...onTicket,
    name: 'a reply as it will look',
    show: async (page) => {
      await press(page, 'r');
      await page.getByRole('textbox', { name: 'Reply' }).fill('**Thank you**, see `this`:\n\n> It works.');
      await page.getByRole('button', { name: 'Preview' }).click();
      await page.locator('blockquote').last().waitFor();
    },
  },
  {
    ...onTicket,
    name: 'a note that names somebody',
    show: async (page) => {
      await press(page, 'n');
      await page.getByRole('textbox', { name: 'Note' }).pressSequentially('@t');
      await page.getByRole('option').first().waitFor();
    },
  },
  {
    ...onTicket,
    name: 'a reply that can be taken back',
    show: async (page) => {
      await press(page, 'r');
      await page.getByRole('textbox', { name: 'Reply' }).fill('Soon.');
      await press(page, 'Control+Enter');
      await page.getByRole('article', { name: 'Sending soon' }).waitFor();
    },
  },
  {
    ...onTicket,
    name: 'all of the details',
    show: async (page) => {
      const closed = page.getByRole('complementary').locator('button[aria-expanded="false"]:not([aria-haspopup])');
      while ((await closed.count()) > 0) await closed.first().click();
    },
  },
  {
    who: 'agent',
    path: '/tickets/new',
    heading: 'New ticket',
    name: 'people to ask for',
    // While its list is open all else is hidden from screen readers; the key that would lead there closes it first.
    but: ['aria-hidden-focus', 'page-has-heading-one'],
    show: async (page) => {
      await page.getByRole('combobox', { name: 'Requester' }).pressSequentially('e');
      await page.getByRole('option').first().waitFor();
    },
  },
  {
    who: 'agent',
    path: '/tickets/new',
    heading: 'New ticket',
    name: 'what is missing',
    show: async (page) => {
      await press(page, 'Control+Enter');
      await page.locator('[aria-invalid="true"]').first().waitFor();
    },
  },
  {
    who: 'agent',
    path: '/me/keys',
    heading: 'Your account',
    name: 'a new key',
    show: (page) =>
      page
        .getByRole('button', { name: /^New/ })
        .first()
        .click()
        .then(() => dialog(page)),
  },
  {
    who: 'admin',
    path: '/workflows',
    heading: 'Workflows',
    name: 'the import',
    show: async (page) => {
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Import' }).click();
      await dialog(page);
    },
  },
  {
    who: 'admin',
    path: '/admin/users/new',
    heading: 'New user',
    name: 'what is missing',
    show: async (page) => {
      await press(page, 'Control+s');
      await page.locator('[aria-invalid="true"]').first().waitFor();
    },
  },
  {
    who: 'admin',
    path: '/admin/users/new',
    heading: 'New user',
    name: 'the question before it is left',
    show: async (page) => {
      await page.getByLabel('Name', { exact: true }).fill('Kim');
      await page.getByRole('link', { name: 'Teams' }).click();
      await dialog(page);
    },
  },
  {
    who: 'nobody',
    path: '/sign-in',
    heading: 'Sign in',
    name: 'a wrong password',
    show: async (page) => {
      await page.getByLabel('Email').fill('ingrid.solberg@fjordrad.example');
      await page.getByLabel('Password', { exact: true }).fill('not it');
      await press(page, 'Enter');
      await page.getByRole('alert').getByText('don’t go together').waitFor();
    },
  },
  {
    who: 'customer',
    path: '/',
    heading: 'My tickets',
    name: 'the menu of who one is',
    show: async (page) => {
      await page.getByRole('button', { name: /account, theme/ }).click();
      await page.getByRole('menu').waitFor();
    },
  },
];

test.each(overlays)('$name over $path', async ({ who, path, heading, but, show }) => {
  const page = await pageOf(who);
  await page.setViewportSize({ width: 1280, height: 800 });
  await open(page, path, heading);
  await show(page);
  await calm(page);
  expect(await faultsInBoth(page, but)).toEqual([]);
});

test('the menu of a small screen', async () => {
  const page = await pageOf('agent');
  await page.setViewportSize({ width: 390, height: 700 });
  await open(page, '/', 'Mine');
  await page.getByRole('button', { name: 'Open the menu' }).click();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Unassigned' }).waitFor();
  expect(await faultsInBoth(page)).toEqual([]);
});

test('a desk that does not answer', async () => {
  const { page, context } = await visit('agent');
  watch(page);
  await page.route('**/api/**', (route) => route.abort());
  await page.reload();
  await page.getByRole('heading', { name: 'The desk can’t be reached' }).waitFor();
  expect(await faultsInBoth(page)).toEqual([]);
  await context.close();
});

test('a sign-in that has ended', async () => {
  const { page, context } = await visit('agent');
  watch(page);
  await open(page, '/?queue=open', 'All open');
  await page.route('**/api/**', (route) =>
    route.fulfill({
      status: 401,
      contentType: 'application/problem+json',
      body: '{"title":"Unauthorized","status":401}',
    }),
  );
  await page.getByRole('link', { name: 'Unassigned' }).click();
  await page.getByRole('dialog', { name: 'Sign in again' }).waitFor();
  expect(await faultsInBoth(page)).toEqual([]);
  await context.close();
});
