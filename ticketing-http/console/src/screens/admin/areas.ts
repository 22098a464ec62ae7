/** What administrators look after, and the code of each, which is loaded when it is first shown. */
import { lazy, type ComponentType } from 'react';
import { defineText } from '../../text';

export interface AreaProps {
  /** What of it the address names: an id, or `new`. */
  id: string | undefined;
}

export interface Area {
  id: keyof typeof areaText.en;
  Screen: ComponentType<AreaProps>;
}

export const areaText = defineText(
  {
    users: 'Users',
    webhooks: 'Webhooks',
    'email-templates': 'Mail texts',
  },
  {
    users: 'Personen',
    webhooks: 'Webhooks',
    'email-templates': 'Mailtexte',
  },
);

/** In the order of the list. */
export const AREAS: readonly Area[] = [
  { id: 'users', Screen: lazy(() => import('./users')) },
  { id: 'webhooks', Screen: lazy(() => import('./webhooks')) },
  { id: 'email-templates', Screen: lazy(() => import('./email-templates')) },
];
