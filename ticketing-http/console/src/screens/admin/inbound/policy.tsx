import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ifVersion, ok } from '../../../api/client';
import type { Schemas } from '../../../api/types';
import { useText } from '../../../text';
import { CheckField, TextArea } from '../../../ui/field';
import { FormFrame } from '../../../ui/form';
import { Loaded } from '../../../ui/loaded';
import { Section } from '../../../ui/section';
import { toast } from '../../../ui/toast';
import { useForm } from '../../../ui/use-form';
import { AreaHead } from '../area-head';
import { linesOf } from '../lines';
import { adminText } from '../text';
import { readPolicy, writePolicy } from './policy-form';
import { inboundText } from './text';

const KEY = ['inbound', 'policy'];

const load = (signal?: AbortSignal) => ok(api.GET('/api/inbound-policy', signal ? { signal } : {}));

export function Policy() {
  const words = useText(inboundText);
  const policy = useQuery({ queryKey: KEY, queryFn: ({ signal }) => load(signal) });
  return (
    <>
      <AreaHead area="inbound" title={words.policy} />
      <Loaded of={policy}>{(stored) => <PolicyForm stored={stored} />}</Loaded>
    </>
  );
}

function PolicyForm({ stored }: { stored: Schemas['InboundPolicy'] }) {
  const words = useText(inboundText);
  const admin = useText(adminText);
  const queries = useQueryClient();
  const form = useForm({
    stored,
    read: readPolicy,
    write: writePolicy,
    change: (body, { version }) =>
      ok(api.PATCH('/api/inbound-policy', { params: { header: ifVersion(version) }, body })),
    load: () => load(),
    onSaved: (policy) => {
      queries.setQueryData(KEY, policy);
      toast(admin.saved);
    },
    onTheirs: (policy) => queries.setQueryData(KEY, policy),
  });
  const { draft, set } = form;
  return (
    <FormFrame
      form={form}
      names={{
        hold_strangers: words.hold,
        status_words: words.statusWords,
        blocked: words.blocked,
        spam_headers: words.spamHeaders,
      }}
    >
      <Section>
        <CheckField
          label={words.hold}
          hint={words.holdHint}
          checked={draft.hold_strangers}
          onChange={(event) => set({ hold_strangers: event.target.checked })}
        />
        <CheckField
          label={words.statusWords}
          hint={words.statusWordsHint}
          checked={draft.status_words}
          onChange={(event) => set({ status_words: event.target.checked })}
        />
        <TextArea
          label={words.blocked}
          hint={words.blockedHint}
          rows={5}
          dir="ltr"
          value={draft.blocked}
          error={form.errorIn('blocked', linesOf(draft.blocked))}
          onChange={(event) => set({ blocked: event.target.value })}
        />
        <TextArea
          label={words.spamHeaders}
          hint={words.spamHeadersHint}
          rows={3}
          dir="ltr"
          value={draft.spam_headers}
          error={form.errorIn('spam_headers', linesOf(draft.spam_headers, '\n'))}
          onChange={(event) => set({ spam_headers: event.target.value })}
        />
      </Section>
    </FormFrame>
  );
}
