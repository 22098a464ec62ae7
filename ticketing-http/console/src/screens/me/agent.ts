/** With what somebody signed in, as people call it. */
export interface Agent {
  browser: string | undefined;
  system: string | undefined;
  isPhone: boolean;
}

/** Those that also call themselves by another's name come before it. */
const BROWSERS: readonly [RegExp, string][] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\b(?:OPR|Opera)\//, 'Opera'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:HeadlessChrome|Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];

const SYSTEMS: readonly [RegExp, string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

export function agentOf(text: string | null): Agent {
  const find = (list: readonly [RegExp, string][]) => list.find(([sign]) => sign.test(text ?? ''))?.[1];
  const browser = find(BROWSERS);
  const system = find(SYSTEMS);
  const isPhone = system === 'iPhone' || (system === 'Android' && /\bMobile\b/.test(text ?? ''));
  // A program says its name first: `curl/8.5.0`.
  const program = browser === undefined ? /^[\w .-]{1,40}(?=\/)/.exec(text ?? '')?.[0] : undefined;
  return { browser: browser ?? program, system, isPhone };
}
