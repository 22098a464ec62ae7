/** A mailbox as the form has it, and as the API wants it. */
import type { Priority, Schemas } from '../../../api/types';
import { oneOf } from '../one-of';

export type Mailbox = Schemas['InboundMailbox'];

export const SECURITIES = ['tls', 'starttls', 'none'] as const;
export const AUTHS = ['password', 'oauth2'] as const;
export const THENS = ['flag', 'move', 'delete'] as const;

export interface ImapForm {
  host: string;
  port: string;
  security: (typeof SECURITIES)[number];
  auth: (typeof AUTHS)[number];
  username: string;
  secret: string;
  token_url: string;
  client_id: string;
  client_secret: string;
  folder: string;
  then: (typeof THENS)[number];
  then_folder: string;
}

export interface MailboxForm {
  name: string;
  address: string;
  /** One a line. */
  aliases: string;
  team_id: string;
  priority: Priority;
  locale: string;
  is_active: boolean;
  is_trusted: boolean;
  /** One a line. */
  trusted_servers: string;
  imap: ImapForm | null;
}

export const NEW_IMAP: ImapForm = {
  host: '',
  port: '993',
  security: 'tls',
  auth: 'password',
  username: '',
  secret: '',
  token_url: '',
  client_id: '',
  client_secret: '',
  folder: 'INBOX',
  then: 'flag',
  then_folder: '',
};

export const NEW: MailboxForm = {
  name: '',
  address: '',
  aliases: '',
  team_id: '',
  priority: 'medium',
  locale: '',
  is_active: true,
  is_trusted: false,
  trusted_servers: '',
  imap: null,
};

export function formOf(mailbox: Mailbox): MailboxForm {
  const imap = mailbox.imap;
  return {
    name: mailbox.name,
    address: mailbox.address,
    aliases: mailbox.aliases.join('\n'),
    team_id: mailbox.team_id ?? '',
    priority: mailbox.priority,
    locale: mailbox.locale ?? '',
    is_active: mailbox.is_active,
    is_trusted: mailbox.is_trusted,
    trusted_servers: mailbox.trusted_servers.join('\n'),
    imap: imap === null ? null : imapForm(imap),
  };
}

function imapForm(imap: Schemas['ImapAccount']): ImapForm {
  return {
    host: imap.host,
    port: String(imap.port),
    security: oneOf(imap.security, SECURITIES) ?? 'tls',
    auth: oneOf(imap.auth, AUTHS) ?? 'password',
    username: imap.username,
    secret: '',
    token_url: imap.token_url ?? '',
    client_id: imap.client_id ?? '',
    client_secret: '',
    folder: imap.folder,
    then: oneOf(imap.then, THENS) ?? 'flag',
    then_folder: imap.then_folder ?? '',
  };
}

/** Texts that stand one a line. */
export function linesOf(text: string): string[] {
  return text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function imapOf(imap: ImapForm): Schemas['NewImapAccount'] {
  return {
    host: imap.host.trim(),
    port: /^\d{1,9}$/.test(imap.port.trim()) ? Number(imap.port) : 0,
    security: imap.security,
    auth: imap.auth,
    username: imap.username,
    folder: imap.folder,
    then: imap.then,
    // A secret that is not said stays.
    ...(imap.secret === '' ? {} : { secret: imap.secret }),
    ...(imap.then === 'move' ? { then_folder: imap.then_folder } : {}),
    ...(imap.auth === 'oauth2'
      ? {
          token_url: imap.token_url.trim(),
          client_id: imap.client_id.trim(),
          ...(imap.client_secret === '' ? {} : { client_secret: imap.client_secret }),
        }
      : {}),
  };
}

/** What was changed, as the API takes it. */
export function patchOf(changes: Partial<MailboxForm>): Schemas['InboundMailboxPatch'] {
  const { aliases, trusted_servers, team_id, locale, imap, ...plain } = changes;
  return {
    ...plain,
    ...(aliases === undefined ? {} : { aliases: linesOf(aliases) }),
    ...(trusted_servers === undefined ? {} : { trusted_servers: linesOf(trusted_servers) }),
    ...(team_id === undefined ? {} : { team_id: team_id || null }),
    ...(locale === undefined ? {} : { locale: locale.trim() || null }),
    ...(imap === undefined ? {} : { imap: imap === null ? null : imapOf(imap) }),
  };
}
