import { Trash2 } from 'lucide-react';
import { api, ifVersion, ok } from '../../../api/client';
import { PRIORITIES } from '../../../api/types';
import { useText } from '../../../text';
import { useLocale } from '../../../text/language';
import { ticketText } from '../../../ui/badge';
import { ConfirmButton } from '../../../ui/confirm';
import { CheckField, SelectField, TextArea, TextField } from '../../../ui/field';
import { FormFrame } from '../../../ui/form';
import { Pick } from '../../../ui/pick';
import { locales } from '../../../ui/places';
import { Fields, Section, wide } from '../../../ui/section';
import { useForm } from '../../../ui/use-form';
import { AreaHead } from '../area-head';
import { useTeams } from '../data';
import { useKept } from '../kept';
import { linesOf } from '../lines';
import { oneOf } from '../one-of';
import { OneOrNew } from '../one';
import { NEW_IMAP, readMailbox, writeMailbox, type Mailbox } from './form';
import { Imap } from './imap';
import { mailboxText } from './text';

const load = (id: string, signal?: AbortSignal) =>
  ok(api.GET('/api/mailboxes/{id}', { params: { path: { id } }, ...(signal ? { signal } : {}) }));

export function MailboxPage({ id }: { id: string }) {
  return (
    <OneOrNew area="mailboxes" id={id} queryKey={['mailbox', id]} load={(signal) => load(id, signal)}>
      {(stored) => <MailboxForm stored={stored} />}
    </OneOrNew>
  );
}

function MailboxForm({ stored }: { stored: Mailbox | undefined }) {
  const words = useText(mailboxText);
  const tickets = useText(ticketText);
  const reader = useLocale();
  const teams = useTeams();
  const kept = useKept<Mailbox>({ area: 'mailboxes', noun: 'mailbox', nouns: 'mailboxes' });
  const form = useForm({
    stored,
    read: readMailbox,
    write: writeMailbox,
    create: (body, header) => ok(api.POST('/api/mailboxes', { params: { header }, body })),
    change: (body, { id, version }) =>
      ok(
        api.PATCH('/api/mailboxes/{id}', {
          params: { path: { id }, header: ifVersion(version) },
          body,
        }),
      ),
    load: ({ id }) => load(id),
    ...kept.form,
  });
  const { draft, set, error } = form;
  const remove = async ({ id, version }: Mailbox) => {
    await ok(api.DELETE('/api/mailboxes/{id}', { params: { path: { id }, header: ifVersion(version) } }));
    await kept.gone({ id, deleted: words.removed });
  };
  return (
    <>
      <AreaHead area="mailboxes" title={stored?.name ?? words.add}>
        {stored !== undefined && (
          <ConfirmButton
            label={words.remove}
            icon={<Trash2 size={16} />}
            title={words.removeTitle}
            action={words.remove}
            run={() => remove(stored)}
          >
            {words.removeBody}
          </ConfirmButton>
        )}
      </AreaHead>
      <FormFrame
        form={form}
        names={{
          name: words.name,
          address: words.address,
          aliases: words.aliases,
          team_id: words.team,
          priority: words.priority,
          locale: words.locale,
          is_active: words.active,
          is_trusted: words.trusted,
          trusted_servers: words.trustedServers,
          imap: words.imap,
        }}
      >
        <Section>
          <Fields>
            <TextField
              label={words.name}
              required
              maxLength={100}
              autoFocus={form.isNew}
              value={draft.name}
              error={error('name')}
              onChange={(event) => set({ name: event.target.value })}
            />
            <TextField
              label={words.address}
              hint={words.addressHint}
              type="email"
              dir="ltr"
              required
              value={draft.address}
              error={error('address')}
              onChange={(event) => set({ address: event.target.value })}
            />
            <TextArea
              label={words.aliases}
              hint={words.aliasesHint}
              className={wide}
              rows={2}
              dir="ltr"
              value={draft.aliases}
              error={form.errorIn('aliases', linesOf(draft.aliases))}
              onChange={(event) => set({ aliases: event.target.value })}
            />
            <CheckField
              label={words.active}
              checked={draft.is_active}
              onChange={(event) => set({ is_active: event.target.checked })}
            />
          </Fields>
        </Section>

        <Section title={words.tickets}>
          <Fields>
            <Pick
              label={words.team}
              items={teams.data ?? []}
              value={draft.team_id}
              placeholder={words.noTeam}
              error={error('team_id')}
              onChange={(team_id) => set({ team_id })}
            />
            <SelectField
              label={words.priority}
              value={draft.priority}
              error={error('priority')}
              onChange={(event) => set({ priority: oneOf(event.target.value, PRIORITIES) ?? draft.priority })}
            >
              {PRIORITIES.map((one) => (
                <option key={one} value={one}>
                  {tickets.priority[one]}
                </option>
              ))}
            </SelectField>
            <Pick
              label={words.locale}
              items={locales(reader)}
              value={draft.locale}
              placeholder={words.noLocale}
              error={error('locale')}
              onChange={(locale) => set({ locale })}
            />
          </Fields>
        </Section>

        <Section title={words.imap}>
          <Fields>
            <div className={wide}>
              <CheckField
                label={words.fetch}
                hint={words.fetchHint}
                checked={draft.imap !== null}
                onChange={(event) => set({ imap: event.target.checked ? NEW_IMAP : null })}
              />
            </div>
            {draft.imap !== null && <Imap form={form} imap={draft.imap} />}
          </Fields>
        </Section>

        <Section title={words.origin}>
          <Fields>
            <TextArea
              label={words.trustedServers}
              hint={words.trustedServersHint}
              className={wide}
              rows={2}
              dir="ltr"
              value={draft.trusted_servers}
              error={form.errorIn('trusted_servers', linesOf(draft.trusted_servers))}
              onChange={(event) => set({ trusted_servers: event.target.value })}
            />
            <div className={wide}>
              <CheckField
                label={words.trusted}
                hint={words.trustedHint}
                checked={draft.is_trusted}
                onChange={(event) => set({ is_trusted: event.target.checked })}
              />
            </div>
          </Fields>
        </Section>
      </FormFrame>
    </>
  );
}
