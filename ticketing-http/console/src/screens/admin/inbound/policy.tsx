import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ifVersion, ok } from '../../../api/client';
import type { Schemas } from '../../../api/types';
import { useText } from '../../../text';
import { CheckField, TextArea } from '../../../ui/field';
import { toast } from '../../../ui/toast';
import { AreaHead } from '../area-head';
import { useDraft } from '../draft';
import panels from '../panels.module.css';
import { Loaded } from '../rows';
import { SaveBar } from '../save-bar';
import styles from './inbound.module.css';
import { formOf, patchOf } from './policy-form';
import { inboundText } from './text';

const KEY = ['inbound', 'policy'];

export function Policy() {
  const words = useText(inboundText);
  const policy = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => ok(api.GET('/api/inbound-policy', { signal })),
  });
  return (
    <>
      <AreaHead title={words.policy} back={{ area: 'inbound', label: words.back }} />
      <Loaded of={policy}>
        {policy.data !== undefined && <Form policy={policy.data} refresh={() => void policy.refetch()} />}
      </Loaded>
    </>
  );
}

function Form({ policy, refresh }: { policy: Schemas['InboundPolicy']; refresh: () => void }) {
  const words = useText(inboundText);
  const queries = useQueryClient();
  const draft = useDraft({
    saved: formOf(policy),
    version: policy.version,
    refresh,
    save: async ({ changes, version }) => {
      const header = ifVersion(version);
      queries.setQueryData(
        KEY,
        await ok(api.PATCH('/api/inbound-policy', { params: { header }, body: patchOf(changes) })),
      );
      toast(words.saved);
    },
  });
  const { value, set, error } = draft;
  return (
    <form
      className={panels.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        draft.submit();
      }}
    >
      <section className={`${panels.panel ?? ''} ${styles.stack ?? ''}`}>
        <CheckField
          label={words.hold}
          hint={words.holdHint}
          checked={value.hold_strangers}
          onChange={(event) => set({ hold_strangers: event.target.checked })}
        />
        <CheckField
          label={words.statusWords}
          hint={words.statusWordsHint}
          checked={value.status_words}
          onChange={(event) => set({ status_words: event.target.checked })}
        />
        <TextArea
          label={words.blocked}
          hint={words.blockedHint}
          rows={5}
          dir="ltr"
          value={value.blocked}
          error={error('blocked')}
          onChange={(event) => set({ blocked: event.target.value })}
        />
        <TextArea
          label={words.spamHeaders}
          hint={words.spamHeadersHint}
          rows={3}
          dir="ltr"
          value={value.spam_headers}
          error={error('spam_headers')}
          onChange={(event) => set({ spam_headers: event.target.value })}
        />
      </section>
      <SaveBar draft={draft} />
    </form>
  );
}
