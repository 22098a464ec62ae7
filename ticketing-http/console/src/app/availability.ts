/** Whether one takes work. What is said in another window or by another program holds here, too. */
import { useState } from 'react';
import { api, ok } from '../api/client';
import { sayAvailability, useLive } from '../api/live';
import { currentSession, updateMe } from '../api/session';
import type { Availability, User } from '../api/types';
import { defineText } from '../text';
import { toastError } from '../ui/toast';

export const AVAILABILITIES = ['online', 'away', 'offline'] as const satisfies Availability[];

export const availabilityText = defineText(
  {
    menu: (who: string) => `${who}: account, theme, sign out`,
    title: 'Availability',
    online: 'Online',
    away: 'Away',
    offline: 'Offline',
    be: { online: 'Go online', away: 'Go away for a while', offline: 'Go offline' },
  },
  {
    menu: (who: string) => `${who}: Konto, Darstellung, Abmelden`,
    title: 'Verfügbarkeit',
    online: 'Verfügbar',
    away: 'Abwesend',
    offline: 'Offline',
    be: { online: 'Verfügbar sein', away: 'Eine Weile abwesend sein', offline: 'Offline gehen' },
  },
);

function put(id: string | undefined, part: Partial<User>): void {
  const now = currentSession();
  // Whoever asked may have gone meanwhile.
  if ('user' in now && now.user.id === id) updateMe({ ...now.user, ...part });
}

const mine = () => {
  const now = currentSession();
  return 'user' in now ? now.user.id : undefined;
};

export function useAvailability(): { set: (availability: Availability) => void; isBusy: boolean } {
  const [isBusy, setBusy] = useState(false);
  useLive('presence', ({ user_id, availability }) => put(user_id, { availability }));
  useLive('reconnected', () => {
    const id = mine();
    // Nothing is lost where it does not come: what was said last stays.
    ok(api.GET('/api/auth/me')).then(
      ({ availability }) => put(id, { availability }),
      () => undefined,
    );
  });
  const set = async (availability: Availability) => {
    const id = mine();
    setBusy(true);
    try {
      await sayAvailability(availability).catch(async () => {
        // Without a socket the same goes by a request.
        await ok(api.PATCH('/api/auth/me', { body: { availability } }));
      });
      put(id, { availability });
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  return { set: (availability) => void set(availability), isBusy };
}
