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
  /** Whether the mail shows pictures of elsewhere. */
  | { type: 'pictures'; areRemote: boolean };

/** The server says the same; this holds also where something else gives out the page. */
function lock(showsImages: boolean): void {
  const policy = document.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  policy.content = `default-src 'none'; style-src 'unsafe-inline'; img-src data:${showsImages ? ' https: http:' : ''}; base-uri 'none'; form-action 'none'`;
  document.head.append(policy);
}

/** What a mail does not need to be read. */
const UNWANTED =
  'script, iframe, frame, frameset, object, embed, applet, form, input, button, select, textarea, base, meta, link, portal, svg, math, audio, video, source, track, template, noscript';

function tame(page: Document, images: Record<string, string>): void {
  for (const element of page.querySelectorAll(UNWANTED)) {
    // What stands in a form is still to be read.
    if (element.localName === 'form') element.replaceWith(...element.childNodes);
    else element.remove();
  }
  for (const element of page.querySelectorAll('*')) {
    for (const { name } of [...element.attributes]) {
      if (/^on|^(ping|srcset|formaction|action|target|autofocus|tabindex|id|name)$/i.test(name))
        element.removeAttribute(name);
    }
  }
  for (const link of page.querySelectorAll('a, area')) {
    const href = link.getAttribute('href') ?? '';
    if (!/^(https?:|mailto:)/i.test(href.trim())) link.removeAttribute('href');
    link.setAttribute('target', '_blank');
    link.setAttribute('rel', 'noopener noreferrer nofollow');
  }
  for (const image of page.querySelectorAll('img')) {
    const cid = /^cid:(.+)$/i.exec((image.getAttribute('src') ?? '').trim())?.[1];
    const data = cid === undefined ? '' : (images[cid] ?? '');
    if (/^data:image\/(png|jpeg|gif|webp);/.test(data)) image.setAttribute('src', data);
    // Of a picture that is not there, its words are.
    else if (cid !== undefined || !image.hasAttribute('src')) image.replaceWith(image.width > 1 ? image.alt : '');
  }
}

/** Below the mail's own rules, so that those win. */
const LOOK = `
  html { background: #fff; color: #1c1b18; color-scheme: light; }
  body { margin: 12px; font: 14px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
  img { max-width: 100%; height: auto; }
  table { max-width: 100%; }
  pre { white-space: pre-wrap; }
  blockquote { margin: 8px 0; padding-inline-start: 12px; border-inline-start: 3px solid #ddd; color: #555; }
`;

function hasRemoteImages(page: Document): boolean {
  return [...page.querySelectorAll('img[src], [background]')].some((one) =>
    /^(https?:)?\/\//i.test((one.getAttribute('src') ?? one.getAttribute('background') ?? '').trim()),
  );
}

function report(message: FrameReport): void {
  parent.postMessage(message, '*');
}

function show({ html, images }: FrameMessage): void {
  const page = new DOMParser().parseFromString(html, 'text/html');
  report({ type: 'pictures', areRemote: hasRemoteImages(page) });
  tame(page, images);
  const look = document.createElement('style');
  look.textContent = LOOK;
  const own = [...page.head.querySelectorAll('style')];
  document.head.querySelectorAll('style').forEach((style) => style.remove());
  document.head.append(look, ...own);
  document.body.replaceChildren(...page.body.childNodes);
  document.body.dir = 'auto';
}

lock(new URLSearchParams(location.search).has('images'));
addEventListener('message', (event: MessageEvent<FrameMessage>) => {
  if (event.source === parent && event.source !== window) show(event.data);
});
new ResizeObserver(() =>
  report({ type: 'height', height: Math.ceil(document.documentElement.getBoundingClientRect().height) }),
).observe(document.documentElement);
report({ type: 'ready' });
