/**
 * The page in which a mail's HTML is shown. It has no origin (`sandbox` without `allow-same-origin`) and a policy by which
 * nothing of the mail runs and nothing is loaded; it hears its parent alone. It imports nothing: to a page without an
 * origin every script of the desk is a stranger's, and only a plain one is given.
 */
export interface FrameMessage {
  type: 'mail';
  html: string;
  images: Record<string, string>;
}
export type FrameReport =
  | { type: 'ready' }
  | { type: 'height'; height: number }
  /** Whether the mail has pictures of elsewhere that are not shown. */
  | { type: 'pictures'; areHidden: boolean };

/** Whether its reader asked for pictures of elsewhere; the page's policy is another then. */
const SHOWS_IMAGES = new URLSearchParams(location.search).has('images');

/** The server says the same; this holds also where something else gives out the page. */
function lock(): void {
  const policy = document.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  policy.content = `default-src 'none'; style-src 'unsafe-inline'; img-src data:${SHOWS_IMAGES ? ' https:' : ''}; base-uri 'none'; form-action 'none'`;
  document.head.append(policy);
}

/** What a mail does not need to be read. */
const UNWANTED =
  'script, iframe, frame, frameset, object, embed, applet, form, input, button, select, textarea, base, meta, link, portal, svg, math, audio, video, source, track, template, noscript';

function tame(page: Document): void {
  for (const element of page.querySelectorAll(UNWANTED)) {
    // What stands in a form is still to be read.
    if (element.localName === 'form') element.replaceWith(...element.childNodes);
    else element.remove();
  }
  for (const element of page.querySelectorAll('*')) {
    for (const { name } of [...element.attributes]) {
      if (
        /^(on|xlink:)|^(ping|srcset|background|formaction|action|target|autofocus|contenteditable|tabindex|id|name)$/i.test(
          name,
        )
      )
        element.removeAttribute(name);
    }
  }
  for (const link of page.querySelectorAll('a, area')) {
    const href = link.getAttribute('href') ?? '';
    if (!/^(https?:|mailto:)/i.test(href.trim())) link.removeAttribute('href');
    link.setAttribute('target', '_blank');
    link.setAttribute('rel', 'noopener noreferrer nofollow');
  }
}

/** Gives each picture that may be shown its address. Says whether some of elsewhere are not to be shown yet. */
function picture(page: Document, images: Record<string, string>): boolean {
  let areHidden = false;
  for (const image of page.querySelectorAll('img')) {
    const src = (image.getAttribute('src') ?? '').trim();
    // The server takes a mail's addresses out of `src`; in what else is shown here they still stand there.
    const remote = (image.dataset['remoteSrc'] ?? src).trim();
    const data = images[/^cid:(.+)$/i.exec(src)?.[1] ?? ''] ?? '';
    image.removeAttribute('src');
    image.removeAttribute('data-remote-src');
    if (/^data:image\/(png|jpeg|gif|webp);/.test(data)) image.src = data;
    else if (!/^https:\/\//i.test(remote)) image.replaceWith(image.alt);
    else if (SHOWS_IMAGES) image.src = remote;
    else {
      areHidden = true;
      image.replaceWith(placeOf(image));
    }
  }
  return areHidden;
}

/** Where a picture would be, as large as it says to be. */
function placeOf(image: HTMLImageElement): HTMLElement {
  const place = document.createElement('span');
  place.className = 'picture';
  place.textContent = image.alt;
  for (const side of ['width', 'height'] as const) {
    const length = Number.parseInt(image.getAttribute(side) ?? '', 10);
    if (length > 0) place.style[side] = `${Math.min(length, 2_000)}px`;
  }
  return place;
}

/** Below the mail's own rules, so that those win. */
const LOOK = `
  html { background: #fff; color: #1c1b18; color-scheme: light; }
  body { margin: 12px; font: 14px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
  img { max-width: 100%; height: auto; }
  .picture {
    display: inline-block; box-sizing: border-box; min-width: 16px; min-height: 16px; max-width: 100%; overflow: hidden;
    vertical-align: bottom; border: 1px dashed #999; color: #555; background: #f4f3f1; font: 12px/16px system-ui, sans-serif;
  }
  table { max-width: 100%; }
  pre { white-space: pre-wrap; }
  blockquote { margin: 8px 0; padding-inline-start: 12px; border-inline-start: 3px solid #ddd; color: #555; }
`;

function report(message: FrameReport): void {
  parent.postMessage(message, '*');
}

function show({ html, images }: FrameMessage): void {
  const page = new DOMParser().parseFromString(html, 'text/html');
  tame(page);
  report({ type: 'pictures', areHidden: picture(page, images) });
  const look = document.createElement('style');
  look.textContent = LOOK;
  const own = [...page.head.querySelectorAll('style')];
  document.head.querySelectorAll('style').forEach((style) => style.remove());
  document.head.append(look, ...own);
  document.body.replaceChildren(...page.body.childNodes);
  document.body.dir = 'auto';
}

lock();
addEventListener('message', (event: MessageEvent<FrameMessage>) => {
  if (event.source === parent && event.source !== window) show(event.data);
});
new ResizeObserver(() =>
  report({ type: 'height', height: Math.ceil(document.documentElement.getBoundingClientRect().height) }),
).observe(document.documentElement);
report({ type: 'ready' });
