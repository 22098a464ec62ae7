/**
 * What can be done here, by key or by the palette. A screen registers what it can do while it is shown; the newest
 * registration of a key wins, and any screen's over those of the frame around it. While a dialog is open there are none.
 */
import { useEffect, useId, useRef, useSyncExternalStore } from 'react';

export interface Command {
  /** Never changes: people's own keys are kept by it. Such as `ticket.reply`. */
  id: string;
  /** What it does, as the palette and the list of keys say it. */
  title: string;
  /** Where it stands in the palette. */
  group: string;
  /** Keys in a row with a space between them: `r`, `Mod+k`, `g m`, `Shift+?`. Mod is Cmd on a Mac and Ctrl elsewhere. */
  keys?: string[];
  run: () => void;
  /** Other words by which it is found. */
  words?: string;
  /** Also while one writes; for keys with Mod alone. */
  inInputs?: boolean;
  /** Not now, though it exists. */
  disabled?: boolean;
}

interface Registered {
  commands: readonly Command[];
  isFrame: boolean;
}

const registered = new Map<string, Registered>();
let all: readonly Command[] = [];
const listeners = new Set<() => void>();

function changed(): void {
  // The newest first, each id once; parts of the frame come later than a screen, or anew, and are below it all the same.
  const seen = new Set<string>();
  const newest = [...registered.values()].reverse();
  all = [false, true]
    .flatMap((isFrame) => newest.filter((one) => one.isFrame === isFrame).flatMap((one) => one.commands))
    .filter((command) => !seen.has(command.id) && seen.add(command.id));
  for (const listener of [...listeners]) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Offers these commands while the component is there; the frame's where no screen has its own. */
export function useCommands(commands: readonly Command[], isFrame = false): void {
  const id = useId();
  const newest = useRef(commands);
  useEffect(() => {
    newest.current = commands;
  });
  // What they run may change with every drawing; only what people see of them is news.
  const seen = JSON.stringify(commands.map(({ run: _run, ...rest }) => rest));
  useEffect(() => {
    const stable = newest.current.map((command) => ({
      ...command,
      run: () => newest.current.find((one) => one.id === command.id)?.run(),
    }));
    registered.set(id, { commands: stable, isFrame });
    changed();
    return () => {
      registered.delete(id);
      changed();
    };
  }, [id, seen, isFrame]);
}

export function useAllCommands(): readonly Command[] {
  return useSyncExternalStore(subscribe, () => all);
}

/** Keys that people chose themselves, by a command's id. */
const STORE = 'keys';
type Own = Record<string, string[]>;

let own: Own = read();

function read(): Own {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? '{}') as Own;
  } catch {
    return {};
  }
}

export function keysOf(command: Pick<Command, 'id' | 'keys'>): readonly string[] {
  return own[command.id] ?? command.keys ?? [];
}

/** Sets a command's keys; undefined are those it came with. */
export function remap(id: string, keys: string[] | undefined): void {
  own =
    keys === undefined
      ? Object.fromEntries(Object.entries(own).filter(([other]) => other !== id))
      : { ...own, [id]: keys };
  localStorage.setItem(STORE, JSON.stringify(own));
  changed();
}

const isMac = /mac os|iphone|ipad/i.test(navigator.userAgent);

/** A pressed key as commands write it. */
export function written(event: KeyboardEvent): string {
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const key = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  // A sign that is only there with Shift says so by itself.
  const shift = event.shiftKey && (event.key.length > 1 || /[a-z]/i.test(event.key));
  return `${mod ? 'Mod+' : ''}${event.altKey ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${key}`;
}

/** How a key is shown to people. */
export function shown(keys: string): string[] {
  return keys.split(' ').map((key) =>
    key
      .replace('Mod+', isMac ? '⌘' : 'Ctrl ')
      .replace('Alt+', isMac ? '⌥' : 'Alt ')
      .replace('Shift+', '⇧ ')
      .replace('Enter', '↵')
      .replace('Escape', 'Esc')
      .replace(/^./, (first) => first.toUpperCase()),
  );
}

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const element = target.closest(
    'input, textarea, select, [contenteditable="true"], [role="combobox"], [role="menu"], [role="listbox"]',
  );
  if (element === null) return false;
  return !(element instanceof HTMLInputElement && ['checkbox', 'radio', 'button'].includes(element.type));
}

/** How much lies over the page that keys are for; what can be done on the page waits below. */
let covers = 0;

/** While it is true, keys do nothing to the page: what lies over it gets them, also before it is there. */
export function useHeldKeys(isHeld: boolean): void {
  useEffect(() => {
    if (!isHeld) return;
    covers += 1;
    return () => {
      covers -= 1;
    };
  }, [isHeld]);
}

/** How long one has for the second key of a pair. */
const PAIR_MS = 1_000;
let before: { keys: string; at: number } | undefined;

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || (event.repeat && event.key === 'Enter')) return;
  if (covers > 0) return;
  const key = written(event);
  const writes = isWriting(event.target);
  const pair = before !== undefined && event.timeStamp - before.at < PAIR_MS ? `${before.keys} ${key}` : undefined;
  before = undefined;
  for (const wanted of pair === undefined ? [key] : [pair, key]) {
    const command = all.find((one) => one.disabled !== true && keysOf(one).includes(wanted));
    if (command === undefined || (writes && command.inInputs !== true)) continue;
    event.preventDefault();
    command.run();
    return;
  }
  const begins = all.some((one) => keysOf(one).some((keys) => keys.startsWith(`${key} `)));
  if (begins && !writes) before = { keys: key, at: event.timeStamp };
}

/** Listens for keys; once, at the root. */
export function useKeys(): void {
  useEffect(() => {
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
