/** Watches a window of the browser for whatever a text has managed to be more than a text. */
import type { BrowserContext, Frame, Page, Request } from 'playwright-core';

export interface Guard {
  /** All that must not have happened. */
  faults: string[];
  /** What was asked of others than the desk; none of it has left. */
  asked: string[];
  /** What the policy of a frame has refused, such as handlers that were read there and never run. */
  refused: string[];
  /** Waits until a page has all that it asks for. */
  settle: (page: Page) => Promise<void>;
}

/** Where each of several notices comes from is told by a function that every frame has. */
export async function guard(context: BrowserContext, origin: string): Promise<Guard> {
  const faults: string[] = [];
  const asked: string[] = [];
  const refused: string[] = [];
  const running = new Set<Request>();
  let last = Date.now();
  await context.exposeBinding('__hit', ({ frame }, at) => faults.push(`payload ${at} ran in ${frame.url()}`));
  await context.exposeBinding('__violated', ({ frame }, what) => {
    const list = frame === frame.page().mainFrame() ? faults : refused;
    list.push(`the policy of ${frame.url()} was violated: ${what}`);
  });
  await context.addInitScript(() =>
    addEventListener('securitypolicyviolation', (event) => {
      const tell = (globalThis as unknown as { __violated: (what: string) => void }).__violated;
      tell(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
    }),
  );
  await context.route(
    (url) => url.origin !== origin,
    (route) => {
      asked.push(`${route.request().resourceType()} ${route.request().url()}`);
      return route.abort();
    },
  );
  const step = (change: () => unknown) => {
    change();
    last = Date.now();
  };
  context.on('request', (request) => step(() => running.add(request)));
  context.on('requestfinished', (request) => step(() => running.delete(request)));
  context.on('requestfailed', (request) => step(() => running.delete(request)));
  const watch = (page: Page) => {
    page.on('dialog', (dialog) => {
      faults.push(`a dialog opened: ${dialog.message()}`);
      return dialog.dismiss();
    });
    page.on('download', (download) => faults.push(`a download began: ${download.url()}`));
    page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
    page.on('framenavigated', (frame) => {
      // Of what the last page asked for no end is told.
      if (frame === page.mainFrame()) step(() => running.clear());
      if (!frame.url().startsWith(`${origin}/`) && frame.url() !== 'about:blank')
        faults.push(`a frame went to ${frame.url()}`);
    });
  };
  context.pages().forEach(watch);
  context.on('page', (page) => faults.push(`a window opened: ${page.url()}`));
  return {
    faults,
    asked,
    refused,
    settle: async (page) => {
      await page.locator('#root > *').first().waitFor();
      const isBusy = () => running.size > 0 || Date.now() - last < 100;
      do await page.evaluate(() => new Promise((done) => setTimeout(done, 25)));
      while (isBusy() || (await page.locator('[class*=bone]').count()) > 0);
    },
  };
}

/** Elements and attributes that only a text can have brought along; the console has none of them. */
export function strangers(frame: Frame): Promise<string[]> {
  return frame.evaluate(() => {
    const isFrame = location.pathname.endsWith('/frame.html');
    const found: string[] = [];
    const own = (url: string) => url.startsWith(`${location.protocol}//${location.host}/`);
    const tags =
      'object, embed, applet, frame, frameset, base + base, meta[http-equiv=refresh i], math, audio, video, source, ' +
      'track, portal, plaintext, xmp, listing, noembed, noframes, foreignObject, mglyph, ' +
      'svg script, svg style, script:not([src]), iframe[srcdoc], [formaction], [srcset], [background], [poster], ' +
      '[ping], [action], [manifest], [contenteditable], [autofocus]:not(input, textarea), [xlink\\:href], ' +
      '[data-remote-src]';
    for (const element of document.querySelectorAll(tags)) found.push(element.outerHTML);
    // In the frame what is only odd to look at may be; it is its own alone.
    if (!isFrame) found.push(...[...document.querySelectorAll('marquee, own-tag, a a')].map((one) => one.outerHTML));
    for (const element of document.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) {
        if (name.startsWith('on')) found.push(element.outerHTML);
        if (name === 'style' && /url\(|expression|@import|image-set/i.test(value) && !isFrame)
          found.push(element.outerHTML);
        if (
          /^(id|name)$/.test(name) &&
          /^(document|location|cookie|attributes|__proto__|__hit|fetch|parent)$/.test(value)
        )
          found.push(element.outerHTML);
      }
    }
    for (const script of document.querySelectorAll('script')) if (!own(script.src)) found.push(script.outerHTML);
    for (const link of document.querySelectorAll('link')) if (!own(link.href)) found.push(link.outerHTML);
    for (const image of document.querySelectorAll('img'))
      if (!own(image.src) && !image.src.startsWith('blob:') && !/^data:image\/(png|jpeg|gif|webp);/.test(image.src))
        found.push(image.outerHTML);
    for (const inner of document.querySelectorAll('iframe'))
      if (isFrame || !own(inner.src) || inner.sandbox.length === 0 || inner.sandbox.contains('allow-same-origin'))
        found.push(inner.outerHTML);
    for (const link of document.querySelectorAll('a, area')) {
      const href = link.getAttribute('href');
      if (href === null) continue;
      const url = new URL(href, location.href);
      const isOut = url.origin !== location.origin;
      const leaks = link.getAttribute('target') !== '_blank' || !link.getAttribute('rel')?.includes('noopener');
      if (!['http:', 'https:', 'mailto:'].includes(url.protocol)) found.push(link.outerHTML);
      else if (isOut && url.protocol !== 'mailto:' && leaks) found.push(link.outerHTML);
    }
    return found.map((html) => `${location.pathname}: ${html.slice(0, 200)}`);
  });
}

/** Which of the texts can be read there, by their numbers. */
export function readable(frame: Frame, within = 'main, [role=dialog]'): Promise<number[]> {
  return frame.evaluate((selector) => {
    const said: string[] = [];
    for (const place of document.querySelectorAll(selector)) {
      said.push(place.textContent);
      for (const field of place.querySelectorAll<HTMLInputElement>('input, textarea')) said.push(field.value);
    }
    const marks = said.join('\n').matchAll(/__hit\((\d+)\)|elsewhere\.example\/(\d+)/g);
    return [...new Set([...marks].map((mark) => Number(mark[1] ?? mark[2])))];
  }, within);
}
