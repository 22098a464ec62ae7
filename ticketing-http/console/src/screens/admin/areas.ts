/** What administrators look after, and others a part of it, and the code of each, which is loaded when it is first shown. */
import { lazy, type ComponentType } from 'react';
import { defineText } from '../../text';

export interface AreaProps {
  /** What of it the address names: an id, or `new`. */
  id: string | undefined;
}

export interface Area {
  id: keyof typeof areaText.en;
  Screen: ComponentType<AreaProps>;
  /** Not for administrators alone: each sees there what is theirs, and is offered what they may do. */
  isForStaff?: boolean;
}

export const areaText = defineText(
  {
    users: 'Users',
    organizations: 'Organizations',
    teams: 'Teams',
    'sla-policies': 'SLA policies',
    calendars: 'Calendars',
    'custom-fields': 'Custom fields',
    time: 'Time',
    'canned-responses': 'Canned responses',
    macros: 'Macros',
    webhooks: 'Webhooks',
    'email-templates': 'Mail texts',
    brand: 'Brand and desk',
    mailboxes: 'Mailboxes',
    inbound: 'Incoming mail',
    imports: 'Import',
    jobs: 'Jobs',
    audit: 'Audit log',
  },
  {
    users: 'Personen',
    organizations: 'Organisationen',
    teams: 'Teams',
    'sla-policies': 'SLA-Richtlinien',
    calendars: 'Kalender',
    'custom-fields': 'Eigene Felder',
    time: 'Zeit',
    'canned-responses': 'Textbausteine',
    macros: 'Makros',
    webhooks: 'Webhooks',
    'email-templates': 'Mailtexte',
    brand: 'Marke und Helpdesk',
    mailboxes: 'Postfächer',
    inbound: 'Eingehende Mail',
    imports: 'Import',
    jobs: 'Aufträge',
    audit: 'Audit-Protokoll',
  },
);

/** In the order of the list. */
export const AREAS: readonly Area[] = [
  { id: 'users', Screen: lazy(() => import('./users')) },
  { id: 'organizations', Screen: lazy(() => import('./organizations')) },
  { id: 'teams', Screen: lazy(() => import('./teams')), isForStaff: true },
  { id: 'sla-policies', Screen: lazy(() => import('./sla-policies')) },
  { id: 'calendars', Screen: lazy(() => import('./calendars')) },
  { id: 'custom-fields', Screen: lazy(() => import('./custom-fields')) },
  { id: 'time', Screen: lazy(() => import('./time')) },
  { id: 'canned-responses', Screen: lazy(() => import('./canned-responses')), isForStaff: true },
  { id: 'macros', Screen: lazy(() => import('./macros')), isForStaff: true },
  { id: 'webhooks', Screen: lazy(() => import('./webhooks')) },
  { id: 'email-templates', Screen: lazy(() => import('./email-templates')) },
  { id: 'brand', Screen: lazy(() => import('./brand')) },
  { id: 'mailboxes', Screen: lazy(() => import('./mailboxes')) },
  { id: 'inbound', Screen: lazy(() => import('./inbound')) },
  { id: 'imports', Screen: lazy(() => import('./imports')) },
  { id: 'jobs', Screen: lazy(() => import('./jobs')) },
  { id: 'audit', Screen: lazy(() => import('./audit')) },
];
