/** Notifications of the system, while the page is not looked at: only where somebody has asked for them. */
import { useSyncExternalStore } from 'react';
import { useLive } from '../../api/live';

const STORE = 'desktop-notifications';
const listeners = new Set<() => void>();

export type Desktop = 'on' | 'off' | 'denied' | 'impossible';

function state(): Desktop {
  if (!('Notification' in window)) return 'impossible';
  if (Notification.permission === 'denied') return 'denied';
  return Notification.permission === 'granted' && localStorage.getItem(STORE) === 'on' ? 'on' : 'off';
}

export function useDesktop(): Desktop {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, state);
}

/** The browser asks the person, the first time. */
export async function setDesktop(isOn: boolean): Promise<void> {
  if (isOn) {
    localStorage.setItem(STORE, 'on');
    await Notification.requestPermission();
  } else {
    localStorage.removeItem(STORE);
  }
  for (const listener of [...listeners]) listener();
}

export function useDesktopNotifications(): void {
  useLive('notification', (told) => {
    if (document.visibilityState === 'visible' || state() !== 'on') return;
    // The same told by several pages is shown once.
    const shown = new Notification(told.title, { body: told.message, tag: told.id });
    shown.onclick = () => {
      window.focus();
      shown.close();
    };
  });
}
