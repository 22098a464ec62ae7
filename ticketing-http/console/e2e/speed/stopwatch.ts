/** How long people wait, by the clock of the page: from what they do to the frame that shows what comes of it. */
import type { Page } from 'playwright-core';

/** What shows that it came: an element, and a part of what it says. */
export interface Sign {
  selector: string;
  text?: string;
}

interface Seen {
  /** Milliseconds since the event. */
  took: number;
  /** The moment, by the clock of the machine. */
  at: number;
}

interface Watching {
  seen?: Promise<Seen>;
}

/** Begins to look for a sign. Without an event's name nothing is waited for before. */
function watch(page: Page, event: string | undefined, sign: Sign): Promise<void> {
  return page.evaluate(
    ({ event, sign }) => {
      let begun = event === undefined ? performance.now() : undefined;
      const isThere = () =>
        [...document.querySelectorAll(sign.selector)].some((element) =>
          (element instanceof HTMLTextAreaElement ? element.value : element.textContent).includes(sign.text ?? ''),
        );
      (window as Watching).seen = new Promise((done) => {
        const listeners = new AbortController();
        const changes = new MutationObserver(look);
        function look() {
          const since = begun;
          if (since === undefined || !isThere()) return;
          changes.disconnect();
          listeners.abort();
          // What is asked for in a frame comes after its painting.
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => {
              port1.close();
              done({ took: performance.now() - since, at: Date.now() });
            };
            port2.postMessage(undefined);
          });
        }
        if (event !== undefined)
          addEventListener(
            event,
            (one) => {
              begun = one.timeStamp;
            },
            { capture: true, once: true, signal: listeners.signal },
          );
        changes.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
        // A focus or a text in a field is no change of the document.
        for (const other of ['focusin', 'input']) addEventListener(other, look, { signal: listeners.signal });
        look();
      });
    },
    { event, sign },
  );
}

async function seen(page: Page): Promise<Seen> {
  const found = await page.evaluate(() => (window as Watching).seen);
  if (found === undefined) throw new Error('nothing was looked for');
  return found;
}

/** Milliseconds from an event to the frame that shows what came of it. */
export async function timed(page: Page, event: string, sign: Sign, act: () => Promise<unknown>): Promise<number> {
  await watch(page, event, sign);
  await act();
  return (await seen(page)).took;
}

/** The moment at which something that others do is seen. */
export async function arrival(page: Page, sign: Sign, act: () => Promise<unknown>): Promise<number> {
  await watch(page, undefined, sign);
  await act();
  return (await seen(page)).at;
}

export interface Stops {
  /** How long each task took that was longer than 50 ms, in milliseconds. */
  tasks: number[];
  /** What ran in frames that came late, as far as the browser says. */
  causes: string[];
}

interface Counting {
  stops?: Stops;
}

/** A frame that came late, as Chromium tells of it. */
interface LateFrame extends PerformanceEntry {
  scripts: { invoker: string; duration: number; sourceURL: string; sourceFunctionName: string }[];
}

/** What kept the page from answering meanwhile. */
export async function stopsIn(page: Page, work: () => Promise<unknown>): Promise<Stops> {
  await page.evaluate(() => {
    const stops: Stops = { tasks: [], causes: [] };
    (window as Counting).stops = stops;
    new PerformanceObserver((list) => {
      stops.tasks.push(...list.getEntries().map((entry) => entry.duration));
    }).observe({ type: 'longtask' });
    new PerformanceObserver((list) => {
      for (const frame of list.getEntries() as LateFrame[]) {
        const scripts = frame.scripts.map(
          (one) => `${one.invoker} ${one.sourceFunctionName} ${Math.round(one.duration)} ms`,
        );
        stops.causes.push(`frame of ${Math.round(frame.duration)} ms: ${scripts.join('; ')}`);
      }
    }).observe({ type: 'long-animation-frame' });
  });
  await work();
  return page.evaluate(() => (window as Counting).stops ?? { tasks: [], causes: [] });
}
