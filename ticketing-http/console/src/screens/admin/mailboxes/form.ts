/** A mailbox as the form has it, and as the API wants it. */
import type { Priority, Schemas } from '../../../api/types';
import { linesOf } from '../lines';
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
  team_id: string | null;
  priority: Priority;
  locale: string | null;
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

/** What is edited of a mailbox; of nothing, what a new one begins with. */
export function readMailbox(mailbox: Mailbox | undefined): MailboxForm {
  return {
    name: mailbox?.name ?? '',
    address: mailbox?.address ?? '',
    aliases: mailbox?.aliases.join('\n') ?? '',
    team_id: mailbox?.team_id ?? null,
    priority: mailbox?.priority ?? 'medium',
    locale: mailbox?.locale ?? null,
    is_active: mailbox?.is_active ?? true,
    is_trusted: mailbox?.is_trusted ?? false,
    trusted_servers: mailbox?.trusted_servers.join('\n') ?? '',
    imap: mailbox?.imap == null ? null : imapForm(mailbox.imap),
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

/** A mailbox as the API takes it. */
export function writeMailbox({ imap, ...draft }: MailboxForm): Schemas['NewInboundMailbox'] {
  return {
    ...draft,
    aliases: linesOf(draft.aliases),
    trusted_servers: linesOf(draft.trusted_servers),
    imap: imap === null ? null : imapOf(imap),
  };
}
