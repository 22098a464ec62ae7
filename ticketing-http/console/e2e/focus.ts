/** Going about by the keyboard, and seeing where one is. */
import type { ElementHandle, Locator, Page } from 'playwright-core';

/** How an element looks, with what stands around it: there a focus may be shown too. */
const looks = (element: Element): string => {
  const told: string[] = [];
  let one: Element | null = element;
  for (let up = 0; up < 4 && one !== null; up += 1, one = one.parentElement)
    for (const part of [null, '::before', '::after']) {
      const style = getComputedStyle(one, part);
      const outline = style.outlineStyle === 'none' ? '' : `${style.outlineWidth} ${style.outlineColor}`;
      told.push(`${outline} ${style.boxShadow} ${style.borderColor}`);
    }
  return told.join('|');
};

const nameOf = (element: Element): string =>
  `${element.tagName.toLowerCase()} “${(element.getAttribute('aria-label') ?? element.textContent).trim().slice(0, 40)}”`;

/** Whether it is on the screen, and nothing lies over it: in a line of several places one is enough. */
const isHidden = (element: Element): boolean => {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  if (right - left < 2 || bottom - top < 2) return element.closest('label') === null;
  const place = [0.5, 0.1, 0.9].flatMap((x) => [0.5, 0.1, 0.9].map((y) => [x, y] as const));
  return !place.some(([x, y]) => {
    const there = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
    return there !== null && (element.contains(there) || there.contains(element) || there.closest('label') !== null);
  });
};

async function focused(page: Page): Promise<ElementHandle<Element> | undefined> {
  const handle = await page.evaluateHandle(() => document.activeElement ?? document.body);
  const element = handle.asElement();
  return (await element.evaluate((one) => one === document.body)) ? undefined : element;
}

/**
 * Goes one on, and tells what is wrong with where one was: that it does not look otherwise than now that one has left, or
 * that one did not see it.
 */
export async function step(page: Page, key = 'Tab'): Promise<string | undefined> {
  const before = await focused(page);
  const [was, name, wasHidden] =
    before === undefined
      ? ['', '', false]
      : await Promise.all([before.evaluate(looks), before.evaluate(nameOf), before.evaluate(isHidden)]);
  await page.keyboard.press(key);
  if (before === undefined || !(await before.evaluate((one) => one.isConnected))) return undefined;
  if (await before.evaluate((one) => one === document.activeElement)) return undefined;
  // Where one writes the caret blinks.
  if (await before.evaluate((one) => one.matches('textarea, input:not([type="checkbox"], [type="radio"])')))
    return undefined;
  if (wasHidden) return `${name} is not to be seen`;
  return (await before.evaluate(looks)) === was ? `${name} looks the same without the focus` : undefined;
}

/** Goes on until it is there. */
export async function goTo(page: Page, target: Locator, key = 'Tab'): Promise<void> {
  const isThere = () => target.evaluate((one) => one === document.activeElement);
  for (let steps = 0; steps < 80; steps += 1) {
    if (await isThere()) return;
    const fault = await step(page, key);
    if (fault !== undefined) throw new Error(fault);
  }
  throw new Error('it is not reached');
}

/** All around a page and out of it again; what is wrong on the way. */
export async function around(page: Page): Promise<string[]> {
  const told: string[] = [];
  let stops = 0;
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });
  const first = await page.evaluateHandle(() => document.querySelector('a[href="#content"]'));
  for (; stops < 250; stops += 1) {
    const fault = await step(page);
    if (fault !== undefined) told.push(fault);
    if (stops > 2 && (await first.evaluate((one) => one === document.activeElement))) return told;
  }
  return [...told, `there is no way out after ${stops} stops`];
}
