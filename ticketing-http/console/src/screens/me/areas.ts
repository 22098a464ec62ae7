/** What everybody can say of themselves, and the code of each part, which is loaded when it is first shown. */
import { lazy, type ComponentType } from 'react';
import { defineText } from '../../text';

export const areaText = defineText(
  {
    profile: 'Profile',
    preferences: 'Appearance',
    notifications: 'Notifications',
    sessions: 'Sign-ins',
    keys: 'API keys',
  },
  {
    profile: 'Profil',
    preferences: 'Darstellung',
    notifications: 'Benachrichtigungen',
    sessions: 'Anmeldungen',
    keys: 'API-Schlüssel',
  },
);

interface Area {
  id: keyof typeof areaText.en;
  Screen: ComponentType;
}

export const AREAS: readonly Area[] = [
  { id: 'profile', Screen: lazy(() => import('./profile')) },
  { id: 'preferences', Screen: lazy(() => import('./preferences')) },
  { id: 'notifications', Screen: lazy(() => import('./notifications')) },
  { id: 'sessions', Screen: lazy(() => import('./sessions')) },
  { id: 'keys', Screen: lazy(() => import('./keys')) },
];
