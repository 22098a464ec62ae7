import { Link } from '@tanstack/react-router';
import { AREAS } from '../areas';
import { spelled, subjectOf } from './changes';
import styles from './audit.module.css';

/** Where things of a kind are looked at; others have no page of their own. */
const PLACES: Readonly<Record<string, (typeof AREAS)[number]['id']>> = {
  user: 'users',
  organization: 'organizations',
  team: 'teams',
  calendar: 'calendars',
  sla_policy: 'sla-policies',
  custom_field: 'custom-fields',
  webhook: 'webhooks',
  mailbox: 'mailboxes',
  job: 'jobs',
};

/** What there is only one of has no id. */
const NOBODY = /^[0-]*$/;

/** To what something was done, with a way there. */
export function Subject({ subject }: { subject: string }) {
  const { kind, id } = subjectOf(subject);
  const name = (
    <>
      {spelled(kind)} {!NOBODY.test(id) && <code className={styles.id}>{id.slice(-6)}</code>}
    </>
  );
  if (kind === 'ticket')
    return (
      <Link to="/tickets/$ticket" params={{ ticket: id }} title={subject}>
        {name}
      </Link>
    );
  const area = PLACES[kind];
  if (area === undefined) return <span title={subject}>{name}</span>;
  return (
    <Link to="/admin/$area/$id" params={{ area, id }} title={subject}>
      {name}
    </Link>
  );
}
