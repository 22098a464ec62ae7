/** What one is told of, and by what: each press is kept at once. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Bell, Mail } from 'lucide-react';
import { api, ok } from '../../api/client';
import { useMe } from '../../api/session';
import { defineText, useText } from '../../text';
import { Button } from '../../ui/button';
import { Empty } from '../../ui/empty';
import { Skeleton } from '../../ui/skeleton';
import { reason, toastError } from '../../ui/toast';
import { CHANNELS, shownFor, toggled, type Channel, type Kind, type Preferences, type Relation } from './grid';
import styles from './me.module.css';
import grid from './grid.module.css';

const text = defineText(
  {
    title: 'Notifications',
    lead: 'What you are told of on the desk, and by mail.',
    own: 'Mine',
    team: 'My team’s',
    watched: 'Watched',
    ownHint: 'You ask, or you answer.',
    teamHint: 'In the queue of one of your teams.',
    watchedHint: 'You listen to them.',
    in_app: 'On the desk',
    email: 'By mail',
    usual: 'As usual for all',
    failed: 'This could not be loaded',
    retry: 'Try again',
    label: (kind: string, relation: string, channel: string) => `${kind}, ${relation}: ${channel}`,
    kinds: {
      ticket_created: { title: 'A new ticket', hint: 'Somebody else has made it.' },
      ticket_assigned: { title: 'Assignment', hint: 'It was given to somebody.' },
      status_changed: { title: 'Status', hint: 'It stands elsewhere now.' },
      comment_added: { title: 'Comment', hint: 'Somebody has said something.' },
      mention: { title: 'Mention', hint: 'Somebody has named you.' },
      escalation: { title: 'Escalation', hint: 'It needs more attention.' },
      sla_warning: { title: 'SLA warning', hint: 'A promised time is about to end.' },
      sla_breach: { title: 'SLA breach', hint: 'A promised time is over.' },
    },
  },
  {
    title: 'Benachrichtigungen',
    lead: 'Worüber Sie am Helpdesk und per E-Mail benachrichtigt werden.',
    own: 'Meine',
    team: 'Mein Team',
    watched: 'Beobachtete',
    ownHint: 'Sie fragen oder Sie antworten.',
    teamHint: 'In der Warteschlange eines Ihrer Teams.',
    watchedHint: 'Sie beobachten sie.',
    in_app: 'Am Helpdesk',
    email: 'Per E-Mail',
    usual: 'Alles wie üblich',
    failed: 'Das konnte nicht geladen werden',
    retry: 'Noch einmal versuchen',
    label: (kind: string, relation: string, channel: string) => `${kind}, ${relation}: ${channel}`,
    kinds: {
      ticket_created: { title: 'Neues Ticket', hint: 'Jemand anderes hat es angelegt.' },
      ticket_assigned: { title: 'Zuweisung', hint: 'Es wurde jemandem zugewiesen.' },
      status_changed: { title: 'Status', hint: 'Es steht jetzt anders da.' },
      comment_added: { title: 'Kommentar', hint: 'Jemand hat etwas dazu geschrieben.' },
      mention: { title: 'Erwähnung', hint: 'Jemand hat Sie genannt.' },
      escalation: { title: 'Eskalation', hint: 'Es braucht mehr Aufmerksamkeit.' },
      sla_warning: { title: 'SLA-Warnung', hint: 'Eine zugesagte Zeit läuft bald ab.' },
      sla_breach: { title: 'SLA-Verletzung', hint: 'Eine zugesagte Zeit ist abgelaufen.' },
    },
  },
);

const KEY = ['notifications', 'preferences'];
const icons = { in_app: <Bell size={14} aria-hidden />, email: <Mail size={14} aria-hidden /> };

export default function NotificationPreferences() {
  const words = useText(text);
  const me = useMe();
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => ok(api.GET('/api/notifications/preferences', { signal })),
  });
  const { kinds, relations } = shownFor(me.role);
  const save = useMutation({
    // One after the other, so that the last press is what holds.
    scope: { id: 'notification-preferences' },
    mutationFn: (body: Partial<Preferences>) => ok(api.PUT('/api/notifications/preferences', { body })),
    onError: (failure) => {
      toastError(failure);
      void queries.invalidateQueries({ queryKey: KEY });
    },
  });
  const press = (kind: Kind, relation: Relation, channel: Channel) => {
    const now = queries.getQueryData<Preferences>(KEY);
    if (now === undefined) return;
    const next = toggled(now, kind, relation, channel);
    queries.setQueryData(KEY, next);
    save.mutate(next);
  };
  const forget = () => save.mutate({}, { onSuccess: (usual) => queries.setQueryData(KEY, usual) });

  return (
    <div className={styles.area}>
      <header className={styles.head}>
        <div className={styles.titles}>
          <h2 className={styles.title}>{words.title}</h2>
          <p className={styles.lead}>{words.lead}</p>
        </div>
        <Button disabled={data === undefined} onClick={forget}>
          {words.usual}
        </Button>
      </header>
      {data === undefined ? (
        error === null ? (
          <Skeleton lines={8} height="2rem" />
        ) : (
          <Empty title={words.failed} action={<Button onClick={() => void refetch()}>{words.retry}</Button>}>
            {reason(error)}
          </Empty>
        )
      ) : (
        <div className={grid.grid} data-relations={relations.length}>
          <div className={grid.head} aria-hidden>
            <span />
            {relations.map((relation) => (
              <span key={relation} className={grid.relation}>
                <strong>{words[relation]}</strong>
                <span>{words[`${relation}Hint`]}</span>
              </span>
            ))}
          </div>
          {kinds.map((kind) => (
            <fieldset key={kind} className={grid.kind}>
              <legend className="visually-hidden">{words.kinds[kind].title}</legend>
              <div className={grid.row}>
                <span className={grid.what}>
                  <strong aria-hidden>{words.kinds[kind].title}</strong>
                  <span>{words.kinds[kind].hint}</span>
                </span>
                {relations.map((relation) => (
                  <span key={relation} className={grid.cell}>
                    <span className={grid.narrow} aria-hidden>
                      {words[relation]}
                    </span>
                    <span className={grid.boxes}>
                      {CHANNELS.map((channel) => (
                        <label key={channel} className={grid.box} title={words[channel]}>
                          <input
                            type="checkbox"
                            aria-label={words.label(words.kinds[kind].title, words[relation], words[channel])}
                            checked={data[kind][relation].includes(channel)}
                            onChange={() => press(kind, relation, channel)}
                          />
                          {icons[channel]}
                        </label>
                      ))}
                    </span>
                  </span>
                ))}
              </div>
            </fieldset>
          ))}
          <p className={grid.legend} aria-hidden>
            <span>
              {icons.in_app} {words.in_app}
            </span>
            <span>
              {icons.email} {words.email}
            </span>
          </p>
        </div>
      )}
    </div>
  );
}
