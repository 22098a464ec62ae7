import { useText } from '../../../text';
import { SelectField, TextField } from '../../../ui/field';
import type { Form } from '../../../ui/use-form';
import { oneOf } from '../one-of';
import { AUTHS, SECURITIES, THENS, type ImapForm, type MailboxForm } from './form';
import { mailboxText } from './text';

/** The account that a mailbox is fetched from. What is secret of it is written and never read. */
export function Imap({ form, imap }: { form: Form<MailboxForm>; imap: ImapForm }) {
  const words = useText(mailboxText);
  const put = (patch: Partial<ImapForm>) => form.set({ imap: { ...imap, ...patch } });
  const error = (name: keyof ImapForm) => form.error(`imap.${name}`);
  const about = form.isNew ? words.secretNew : words.secretKept;
  return (
    <>
      <TextField
        label={words.host}
        dir="ltr"
        spellCheck={false}
        value={imap.host}
        error={error('host') ?? form.error('imap')}
        onChange={(event) => put({ host: event.target.value })}
      />
      <TextField
        label={words.port}
        type="number"
        min={1}
        max={65_535}
        value={imap.port}
        error={error('port')}
        onChange={(event) => put({ port: event.target.value })}
      />
      <SelectField
        label={words.security}
        value={imap.security}
        error={error('security')}
        onChange={(event) => put({ security: oneOf(event.target.value, SECURITIES) ?? imap.security })}
      >
        {SECURITIES.map((one) => (
          <option key={one} value={one}>
            {words.securities[one]}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={words.auth}
        value={imap.auth}
        error={error('auth')}
        onChange={(event) => put({ auth: oneOf(event.target.value, AUTHS) ?? imap.auth })}
      >
        {AUTHS.map((one) => (
          <option key={one} value={one}>
            {words.auths[one]}
          </option>
        ))}
      </SelectField>
      <TextField
        label={words.username}
        dir="ltr"
        autoComplete="off"
        value={imap.username}
        error={error('username')}
        onChange={(event) => put({ username: event.target.value })}
      />
      <TextField
        label={imap.auth === 'oauth2' ? words.refreshToken : words.password}
        hint={about}
        type="password"
        dir="ltr"
        autoComplete="new-password"
        value={imap.secret}
        error={error('secret')}
        onChange={(event) => put({ secret: event.target.value })}
      />
      {imap.auth === 'oauth2' && (
        <>
          <TextField
            label={words.tokenUrl}
            type="url"
            dir="ltr"
            value={imap.token_url}
            error={error('token_url')}
            onChange={(event) => put({ token_url: event.target.value })}
          />
          <TextField
            label={words.clientId}
            dir="ltr"
            value={imap.client_id}
            error={error('client_id')}
            onChange={(event) => put({ client_id: event.target.value })}
          />
          <TextField
            label={words.clientSecret}
            hint={about}
            type="password"
            dir="ltr"
            autoComplete="new-password"
            value={imap.client_secret}
            error={error('client_secret')}
            onChange={(event) => put({ client_secret: event.target.value })}
          />
        </>
      )}
      <TextField
        label={words.folder}
        dir="auto"
        value={imap.folder}
        error={error('folder')}
        onChange={(event) => put({ folder: event.target.value })}
      />
      <SelectField
        label={words.then}
        value={imap.then}
        error={error('then')}
        onChange={(event) => put({ then: oneOf(event.target.value, THENS) ?? imap.then })}
      >
        {THENS.map((one) => (
          <option key={one} value={one}>
            {words.thens[one]}
          </option>
        ))}
      </SelectField>
      {imap.then === 'move' && (
        <TextField
          label={words.thenFolder}
          value={imap.then_folder}
          error={error('then_folder')}
          onChange={(event) => put({ then_folder: event.target.value })}
        />
      )}
    </>
  );
}
