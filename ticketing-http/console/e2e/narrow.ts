/** Whether a page fits where there is little room: on a phone, or with everything at twice its size. */
import type { Page } from 'playwright-core';
import type { Screen } from './screens';

/** In pixels: 640 is a window of 1280 at 200 %, and what customers see fits the smallest phones (WCAG 1.4.10). */
export const widthsFor = ({ who }: Pick<Screen, 'who'>): readonly number[] =>
  who === 'customer' || who === 'nobody' ? [640, 320] : [640, 390];

/** What of a page lies outside of it, or would have to be scrolled to from side to side. */
export function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const told: string[] = [];
    const name = (element: Element) =>
      `${element.tagName.toLowerCase()}.${(element.getAttribute('class') ?? '').replaceAll(' ', '.')}`;
    const root = document.documentElement;
    if (root.scrollWidth > window.innerWidth) told.push(`the page is ${root.scrollWidth} wide`);
    /** What may go from side to side by itself, and is reached there by keys: code, tables of others, rows of places. */
    const isOwn = (element: Element) =>
      element.closest('pre, textarea[wrap="off"], [role="group"][tabindex="0"], nav ul, [role="tablist"]') !== null;
    /** What is within a pixel is there for screen readers alone. */
    const isUnseen = (element: Element | null): boolean =>
      element !== null &&
      ((element.clientWidth === 1 && getComputedStyle(element).overflowX === 'hidden') ||
        isUnseen(element.parentElement));
    for (const element of document.body.querySelectorAll<HTMLElement>('*')) {
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const style = getComputedStyle(element);
      // A field goes along with the caret.
      if (isOwn(element) || element.matches('svg, svg *, input')) continue;
      const scrolls = ['auto', 'scroll'].includes(style.overflowX);
      if (scrolls && element.scrollWidth > element.clientWidth + 1)
        told.push(`${name(element)} scrolls: ${element.scrollWidth} in ${element.clientWidth}`);
      const isCut = ['hidden', 'clip'].includes(style.overflowX) && style.textOverflow !== 'ellipsis';
      if (isCut && element.scrollWidth > element.clientWidth + 1 && !isUnseen(element))
        told.push(`${name(element)} is cut: ${element.scrollWidth} in ${element.clientWidth}`);
      const { left, right, width } = element.getBoundingClientRect();
      const isOut = left < -1 || right > window.innerWidth + 1;
      if (width > 0 && style.position !== 'fixed' && isOut && !isUnseen(element))
        told.push(`${name(element)} goes from ${Math.round(left)} to ${Math.round(right)}`);
    }
    return [...new Set(told)].slice(0, 12);
  });
}
