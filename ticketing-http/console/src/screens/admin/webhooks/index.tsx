import type { AreaProps } from '../areas';
import { List } from './list';
import { NewWebhook } from './new-webhook';
import { One } from './one';

export default function Webhooks({ id }: AreaProps) {
  if (id === undefined) return <List />;
  return id === 'new' ? <NewWebhook /> : <One key={id} id={id} />;
}
