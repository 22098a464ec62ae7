import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { api, ok } from '../../api/client';
import type { Page, Schemas } from '../../api/types';
import { useFormat } from '../../format';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { classes } from '../../ui/classes';
import { Empty } from '../../ui/empty';
import { Endless } from '../../ui/endless';
import { Skeleton } from '../../ui/skeleton';
import { Ago, useNow } from '../../ui/time';
import { reason, toast } from '../../ui/toast';
import { ConfirmButton } from '../admin/confirm';
import { keysText } from './keys-text';
import styles from './me.module.css';
import { NewKey } from './new-key';

type ApiKey = Schemas['ApiKey'];
const KEY = ['api-keys', 'own'];

export default function Keys() {
  const words = useText(keysText);
  const queries = useQueryClient();
  const [isMaking, setMaking] = useState(false);
  const list = useInfiniteQuery({
    queryKey: KEY,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }): Promise<Page<ApiKey>> =>
      ok(
        api.GET('/api/api-keys', {
          params: { query: { limit: 50, ...(pageParam === undefined ? {} : { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const again = () => queries.invalidateQueries({ queryKey: KEY });
  const revoke = async (id: string) => {
    await ok(api.DELETE('/api/api-keys/{id}', { params: { path: { id } } }));
    toast(words.revoked);
    await again();
  };
  const make = (
    <Button kind="primary" icon={<Plus size={16} />} onClick={() => setMaking(true)}>
      {words.make}
    </Button>
  );

  const items = list.data?.pages.flatMap((page) => page.items);
  return (
    <div className={styles.area}>
      <header className={styles.head}>
        <div className={styles.titles}>
          <h2 className={styles.title}>{words.title}</h2>
          <p className={styles.lead}>{words.lead}</p>
        </div>
        {items !== undefined && items.length > 0 && make}
      </header>
      {items === undefined ? (
        list.isError ? (
          <Empty title={words.failed} action={<Button onClick={() => void list.refetch()}>{words.retry}</Button>}>
            {reason(list.error)}
          </Empty>
        ) : (
          <Skeleton lines={4} height="2.5rem" />
        )
      ) : items.length === 0 ? (
        <Empty icon={<KeyRound size={22} />} title={words.none} action={make}>
          {words.noneBody}
        </Empty>
      ) : (
        <>
          <ul className={styles.list}>
            {items.map((key) => (
              <Row key={key.id} of={key} onRevoke={() => revoke(key.id)} />
            ))}
          </ul>
          <Endless
            hasMore={list.hasNextPage}
            isBusy={list.isFetchingNextPage}
            isFailed={list.isFetchNextPageError}
            onMore={() => void list.fetchNextPage()}
          />
        </>
      )}
      {isMaking && <NewKey onMade={() => void again()} onClose={() => setMaking(false)} />}
    </div>
  );
}

function Row({ of: key, onRevoke }: { of: ApiKey; onRevoke: () => Promise<void> }) {
  const words = useText(keysText);
  const { date } = useFormat();
  const now = useNow(60_000);
  const isOver = key.expires_at !== null && new Date(key.expires_at).getTime() <= now;
  return (
    <li>
      <KeyRound size={18} />
      <span className={styles.words}>
        <span className={styles.name}>
          <span dir="auto">{key.name}</span>
          {isOver && <span className={classes(styles.tag, styles.over)}>{words.expired}</span>}
          {key.scopes.map((scope) => (
            <span key={scope} className={styles.tag}>
              {words.scopes[scope]}
            </span>
          ))}
        </span>
        <span className={styles.details}>
          <code dir="ltr">{key.prefix}…</code>
          <span>
            {words.made} <Ago at={key.created_at} />
          </span>
          <span>
            {key.last_used_at === null ? (
              words.neverUsed
            ) : (
              <>
                {words.used} <Ago at={key.last_used_at} />
              </>
            )}
          </span>
          {!isOver && <span>{key.expires_at === null ? words.lasts : `${words.expires} ${date(key.expires_at)}`}</span>}
        </span>
      </span>
      <ConfirmButton label={words.revoke} title={words.revokeTitle} action={words.revoke} run={onRevoke}>
        {words.revokeBody(key.name)}
      </ConfirmButton>
    </li>
  );
}
