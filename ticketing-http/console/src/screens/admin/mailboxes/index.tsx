import type { AreaProps } from '../areas';
import { MailboxList } from './list';
import { MailboxPage } from './mailbox';

export default function Mailboxes({ id }: AreaProps) {
  return id === undefined ? <MailboxList /> : <MailboxPage key={id} id={id} />;
}
