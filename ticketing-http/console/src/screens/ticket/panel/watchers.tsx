import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Bell, BellOff, Plus, X } from 'lucide-react';
import { use, useRef, useState } from 'react';
import { api, ok, once } from '../../../api/client';
import { useMe } from '../../../api/session';
import type { Page, Schemas, Ticket } from '../../../api/types';
import { defineText, useText } from '../../../text';
import { Avatar } from '../../../ui/avatar';
import { Button } from '../../../ui/button';
import { ComboBox } from '../../../ui/combo-box';
import { toastError } from '../../../ui/toast';
import { Load } from './load';
import { useStaffOptions } from './people-row';
import { ReadOnly } from './row';
import styles from './watchers.module.css';

const text = defineText(
  {
    watch: 'Watch',
    unwatch: 'Stop watching',
    add: 'Add somebody',
    none: 'Nobody watches this ticket.',
    remove: (name: string) => `${name} stops watching`,
    find: 'Find somebody',
  },
  {
    watch: 'Beobachten',
    unwatch: 'Nicht mehr beobachten',
    add: 'Person hinzufügen',
    none: 'Niemand beobachtet dieses Ticket.',
    remove: (name: string) => `${name} beobachtet nicht mehr`,
    find: 'Person suchen',
  },
);

type Watcher = Schemas['Watcher'];

export function watchersKey(ticket: Ticket): readonly string[] {
  return ['ticket', ticket.ticket_number, 'watchers'];
}

export function useWatchers(ticket: Ticket) {
  return useQuery({
    queryKey: watchersKey(ticket),
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/tickets/{ticket}/watchers', {
          params: { path: { ticket: ticket.id }, query: { limit: 100 } },
          signal,
        }),
      ),
  });
}

/** Puts somebody on, or takes them off; shown at once, and taken back where it is refused. */
export function useWatch(ticket: Ticket) {
  const queries = useQueryClient();
  const key = watchersKey(ticket);
  const place = (to: (items: Watcher[]) => Watcher[]) =>
    queries.setQueryData<Page<Watcher>>(key, (old) => old && { ...old, items: to(old.items) });
  return useMutation({
    mutationFn: async ({ id, isOn }: { id: string; name: string; role: string; isOn: boolean }) => {
      const path = { ticket: ticket.id };
      if (isOn) {
        await ok(
          api.POST('/api/tickets/{ticket}/watchers', { params: { path, header: once() }, body: { user_id: id } }),
        );
      } else {
        await ok(
          api.DELETE('/api/tickets/{ticket}/watchers/{user_id}', { params: { path: { ...path, user_id: id } } }),
        );
      }
    },
    onMutate: ({ id, name, role, isOn }) => {
      const before = queries.getQueryData<Page<Watcher>>(key);
      const one = { ticket_id: ticket.id, user_id: id, name, role, created_at: new Date().toISOString() };
      place((items) => [...items.filter((other) => other.user_id !== id), ...(isOn ? [one] : [])]);
      return before;
    },
    onError: (error, _, before) => {
      queries.setQueryData(key, before);
      toastError(error);
    },
  });
}

export function Watchers({ ticket }: { ticket: Ticket }) {
  const words = useText(text);
  const me = useMe();
  const isReadOnly = use(ReadOnly);
  const watchers = useWatchers(ticket);
  const watch = useWatch(ticket);
  const [isAdding, setAdding] = useState(false);
  const add = useRef<HTMLButtonElement>(null);
  const staff = useStaffOptions();
  const close = () => {
    setAdding(false);
    setTimeout(() => document.activeElement === document.body && add.current?.focus(), 0);
  };
  return (
    <Load query={watchers}>
      {({ items }) => {
        const isOn = items.some((one) => one.user_id === me.id);
        const free = staff.filter((one) => !items.some((other) => other.user_id === one.id));
        return (
          <>
            {items.length === 0 && <p className={styles.none}>{words.none}</p>}
            <ul>
              {items.map((one) => (
                <li key={one.user_id ?? one.name} className={styles.one}>
                  <Avatar name={one.name} size={20} />
                  <span className={styles.name} dir="auto">
                    {one.name}
                  </span>
                  {!isReadOnly && one.user_id !== null && (
                    <Button
                      size="small"
                      label={words.remove(one.name)}
                      icon={<X size={14} />}
                      onClick={() =>
                        watch.mutate({ id: one.user_id ?? '', name: one.name, role: one.role, isOn: false })
                      }
                    />
                  )}
                </li>
              ))}
            </ul>
            {!isReadOnly && (
              <div className={styles.actions}>
                <Button
                  size="small"
                  icon={isOn ? <BellOff size={14} /> : <Bell size={14} />}
                  onClick={() => watch.mutate({ id: me.id, name: me.name, role: me.role, isOn: !isOn })}
                >
                  {isOn ? words.unwatch : words.watch}
                </Button>
                {isAdding ? (
                  <div className={styles.find}>
                    <ComboBox
                      autoFocus
                      label={words.find}
                      groups={[
                        {
                          options: free.map(({ id, user, detail }) => ({
                            id,
                            label: user.name,
                            detail,
                            icon: <Avatar name={user.name} size={20} />,
                          })),
                        },
                      ]}
                      onLeave={close}
                      onPick={(id) => {
                        const one = free.find((other) => other.id === id);
                        if (one !== undefined)
                          watch.mutate({ id, name: one.user.name, role: one.user.role, isOn: true });
                        close();
                      }}
                    />
                  </div>
                ) : (
                  <Button ref={add} size="small" kind="quiet" icon={<Plus size={14} />} onClick={() => setAdding(true)}>
                    {words.add}
                  </Button>
                )}
              </div>
            )}
          </>
        );
      }}
    </Load>
  );
}
