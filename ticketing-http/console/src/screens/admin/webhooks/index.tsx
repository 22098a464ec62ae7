import type { AreaProps } from '../areas';
import { WebhookList } from './list';
import { WebhookPage } from './webhook';

export default function Webhooks({ id }: AreaProps) {
  return id === undefined ? <WebhookList /> : <WebhookPage key={id} id={id} />;
}
