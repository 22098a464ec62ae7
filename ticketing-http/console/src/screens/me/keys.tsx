import { useQueryClient } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { api, ok } from '../../api/client';
import { useEndless } from '../../api/paging';
import type { Schemas } from '../../api/types';
import { useFormat } from '../../format';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { classes } from '../../ui/classes';
import { Empty } from '../../ui/empty';
import { PagedList } from '../../ui/endless';
import { Ago, useNow } from '../../ui/time';
import { toast } from '../../ui/toast';
import { ConfirmButton } from '../../ui/confirm';
import { keysText } from './keys-text';
import styles from './me.module.css';
import { NewKey } from './new-key';

type ApiKey = Schemas['ApiKey'];
const KEY = ['api-keys', 'own'];

export default function Keys() {
  const words = useText(keysText);
  const queries = useQueryClient();
  const [isMaking, setMaking] = useState(false);
  const list = useEndless<ApiKey>(KEY, (cursor, signal) =>
    ok(api.GET('/api/api-keys', { params: { query: { limit: 50, cursor } }, signal })),
  );
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

  return (
    <div className={styles.area}>
      <header className={styles.head}>
        <div className={styles.titles}>
          <h2 className={styles.title}>{words.title}</h2>
          <p className={styles.lead}>{words.lead}</p>
        </div>
        {list.data !== undefined && list.data.length > 0 && make}
      </header>
      <PagedList
        of={list}
        lines={4}
        empty={
          <Empty icon={<KeyRound size={22} />} title={words.none} action={make}>
            {words.noneBody}
          </Empty>
        }
      >
        {(keys) => (
          <ul className={styles.list}>
            {keys.map((key) => (
              <Row key={key.id} of={key} onRevoke={() => revoke(key.id)} />
            ))}
          </ul>
        )}
      </PagedList>
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
