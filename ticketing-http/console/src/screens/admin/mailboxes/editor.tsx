import { PRIORITIES } from '../../../api/types';
import { useText } from '../../../text';
import { useLocale } from '../../../text/language';
import { ticketText } from '../../../ui/badge';
import { CheckField, SelectField, TextArea, TextField } from '../../../ui/field';
import { useTeams } from '../data';
import type { Draft } from '../draft';
import { oneOf } from '../one-of';
import panels from '../panels.module.css';
import { Pick } from '../pick';
import { locales } from '../places';
import { SaveBar } from '../save-bar';
import { NEW_IMAP, type MailboxForm } from './form';
import { Imap } from './imap';
import { mailboxText } from './text';

export function Editor({ draft, isNew }: { draft: Draft<MailboxForm>; isNew: boolean }) {
  const words = useText(mailboxText);
  const tickets = useText(ticketText);
  const reader = useLocale();
  const teams = useTeams();
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
      <section className={panels.panel}>
        <div className={panels.fields}>
          <TextField
            label={words.name}
            required
            maxLength={100}
            autoFocus={isNew}
            value={value.name}
            error={error('name')}
            onChange={(event) => set({ name: event.target.value })}
          />
          <TextField
            label={words.address}
            hint={words.addressHint}
            type="email"
            dir="ltr"
            required
            value={value.address}
            error={error('address')}
            onChange={(event) => set({ address: event.target.value })}
          />
          <TextArea
            label={words.aliases}
            hint={words.aliasesHint}
            className={panels.whole}
            rows={2}
            dir="ltr"
            value={value.aliases}
            error={error('aliases')}
            onChange={(event) => set({ aliases: event.target.value })}
          />
          <CheckField
            label={words.active}
            checked={value.is_active}
            onChange={(event) => set({ is_active: event.target.checked })}
          />
        </div>
      </section>

      <section className={panels.panel}>
        <h3 className={panels.heading}>{words.tickets}</h3>
        <div className={panels.fields}>
          <Pick
            label={words.team}
            items={teams.data ?? []}
            value={value.team_id === '' ? null : value.team_id}
            placeholder={words.noTeam}
            error={error('team_id')}
            onChange={(id) => set({ team_id: id ?? '' })}
          />
          <SelectField
            label={words.priority}
            value={value.priority}
            error={error('priority')}
            onChange={(event) => set({ priority: oneOf(event.target.value, PRIORITIES) ?? value.priority })}
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
            value={value.locale === '' ? null : value.locale}
            placeholder={words.noLocale}
            error={error('locale')}
            onChange={(id) => set({ locale: id ?? '' })}
          />
        </div>
      </section>

      <section className={panels.panel}>
        <h3 className={panels.heading}>{words.imap}</h3>
        <div className={panels.fields}>
          <div className={panels.whole}>
            <CheckField
              label={words.fetch}
              hint={words.fetchHint}
              checked={value.imap !== null}
              onChange={(event) => set({ imap: event.target.checked ? NEW_IMAP : null })}
            />
          </div>
          {value.imap !== null && <Imap draft={draft} imap={value.imap} isNew={isNew} />}
        </div>
      </section>

      <section className={panels.panel}>
        <h3 className={panels.heading}>{words.origin}</h3>
        <div className={panels.fields}>
          <TextArea
            label={words.trustedServers}
            hint={words.trustedServersHint}
            className={panels.whole}
            rows={2}
            dir="ltr"
            value={value.trusted_servers}
            error={error('trusted_servers')}
            onChange={(event) => set({ trusted_servers: event.target.value })}
          />
          <div className={panels.whole}>
            <CheckField
              label={words.trusted}
              hint={words.trustedHint}
              checked={value.is_trusted}
              onChange={(event) => set({ is_trusted: event.target.checked })}
            />
          </div>
        </div>
      </section>
      <SaveBar draft={draft} {...(isNew ? { createLabel: words.create } : {})} />
    </form>
  );
}
