/** Where one is signed in. */
import { useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Monitor, Smartphone } from 'lucide-react';
import { api, ok } from '../../api/client';
import { useEndless } from '../../api/paging';
import { signOut } from '../../api/session';
import type { Page, Schemas } from '../../api/types';
import { defineText, useText } from '../../text';
import { classes } from '../../ui/classes';
import { PagedList } from '../../ui/endless';
import { Ago } from '../../ui/time';
import { toast } from '../../ui/toast';
import { ConfirmButton } from '../../ui/confirm';
import { agentOf } from './agent';
import styles from './me.module.css';

const text = defineText(
  {
    title: 'Sign-ins',
    lead: 'Where you are signed in. End what you don’t know, and set a new password then.',
    here: 'Here',
    on: (browser: string, system: string) => `${browser} on ${system}`,
    unknown: 'Something unknown',
    begun: 'signed in',
    seen: 'last there',
    end: 'End',
    endTitle: 'End this sign-in?',
    endBody: (name: string) => `${name} has to sign in again.`,
    ended: 'The sign-in has ended.',
    all: 'Sign out everywhere',
    allTitle: 'Sign out everywhere?',
    allBody: 'Also here. Wherever you want to go on, you sign in again.',
  },
  {
    title: 'Anmeldungen',
    lead: 'Wo Sie angemeldet sind. Beenden Sie, was Sie nicht kennen, und setzen Sie dann ein neues Passwort.',
    here: 'Hier',
    on: (browser: string, system: string) => `${browser} auf ${system}`,
    unknown: 'Etwas Unbekanntes',
    begun: 'angemeldet',
    seen: 'zuletzt da',
    end: 'Beenden',
    endTitle: 'Diese Anmeldung beenden?',
    endBody: (name: string) => `${name} muss sich neu anmelden.`,
    ended: 'Die Anmeldung ist beendet.',
    all: 'Überall abmelden',
    allTitle: 'Überall abmelden?',
    allBody: 'Auch hier. Wo Sie weitermachen möchten, melden Sie sich neu an.',
  },
);

type SignIn = Schemas['SignIn'];
const KEY = ['sessions'];

export default function Sessions() {
  const words = useText(text);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const list = useEndless<SignIn>(
    KEY,
    (cursor, signal) => ok(api.GET('/api/auth/sessions', { params: { query: { limit: 50, cursor } }, signal })),
    { isFresh: true },
  );
  const nameOf = (one: SignIn) => {
    const { browser, system } = agentOf(one.user_agent);
    if (browser !== undefined && system !== undefined) return words.on(browser, system);
    return browser ?? system ?? words.unknown;
  };
  const end = async (one: SignIn) => {
    await ok(api.DELETE('/api/auth/sessions/{id}', { params: { path: { id: one.id } } }));
    queries.setQueryData<InfiniteData<Page<SignIn>>>(KEY, (old) =>
      old === undefined
        ? old
        : {
            ...old,
            pages: old.pages.map((page) => ({ ...page, items: page.items.filter((other) => other.id !== one.id) })),
          },
    );
    toast(words.ended);
  };
  const endAll = async () => {
    await ok(api.POST('/api/auth/logout-all'));
    await signOut();
    await navigate({ to: '/sign-in' });
  };

  return (
    <div className={styles.area}>
      <header className={styles.head}>
        <div className={styles.titles}>
          <h2 className={styles.title}>{words.title}</h2>
          <p className={styles.lead}>{words.lead}</p>
        </div>
        <ConfirmButton label={words.all} title={words.allTitle} action={words.all} run={endAll}>
          {words.allBody}
        </ConfirmButton>
      </header>
      <PagedList of={list} lines={4} empty={null}>
        {(signIns) => (
          <ul className={styles.list}>
            {signIns.map((one) => (
              <li key={one.id}>
                {agentOf(one.user_agent).isPhone ? <Smartphone size={18} /> : <Monitor size={18} />}
                <span className={styles.words}>
                  <span className={styles.name} title={one.user_agent ?? undefined}>
                    <span dir="auto">{nameOf(one)}</span>
                    {one.is_current && <span className={classes(styles.tag, styles.here)}>{words.here}</span>}
                  </span>
                  <span className={styles.details}>
                    {one.ip !== null && <span dir="ltr">{one.ip}</span>}
                    <span>
                      {words.begun} <Ago at={one.created_at} />
                    </span>
                    <span>
                      {words.seen} <Ago at={one.refreshed_at} />
                    </span>
                  </span>
                </span>
                {!one.is_current && (
                  <ConfirmButton label={words.end} title={words.endTitle} action={words.end} run={() => end(one)}>
                    {words.endBody(nameOf(one))}
                  </ConfirmButton>
                )}
              </li>
            ))}
          </ul>
        )}
      </PagedList>
    </div>
  );
}
