/** Chromium, and people in it. */
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, inject } from 'vitest';
import { PASSWORD, PEOPLE } from './server';

const PROGRAM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

let browser: Browser | undefined;

/** Opens the browser for a file's tests, and closes it after them. */
export function openBrowser(args: string[] = []): void {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: PROGRAM, args: ['--no-sandbox', ...args] });
  });
  afterAll(async () => {
    await browser?.close();
  });
}

export interface Visit {
  context: BrowserContext;
  page: Page;
  /** What went wrong in the page: errors of scripts, and of the policy. */
  faults: string[];
}

/** A window of somebody of the demo desk, signed in; or of nobody. */
export async function visit(
  person: keyof typeof PEOPLE | undefined,
  options: BrowserContextOptions = {},
  origin: string = inject('origin'),
): Promise<Visit> {
  if (browser === undefined) throw new Error('no browser is open');
  const context = await browser.newContext({
    baseURL: origin,
    locale: 'en-GB',
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) faults.push(`policy: ${message.text()}`);
  });
  if (person !== undefined) {
    await page.goto('/sign-in');
    await page.getByLabel('Email').fill(PEOPLE[person]);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL((url) => !url.pathname.endsWith('/sign-in'));
  }
  return { context, page, faults };
}

/** An access token of somebody, for what a test prepares. */
export async function tokenOf(person: keyof typeof PEOPLE, origin: string = inject('origin')): Promise<string> {
  const answer = await fetch(`${origin}/api/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: PEOPLE[person], password: PASSWORD }),
  });
  if (!answer.ok) throw new Error(`signing in: ${answer.status}`);
  return ((await answer.json()) as { token: string }).token;
}
