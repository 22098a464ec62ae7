import { useFormat } from '../../../format';
import { useText } from '../../../text';
import { Chip } from '../../../ui/chip';
import type { DeliveryStatus, Webhook } from './data';
import { webhookText } from './text';

/** Whether it is called, and why not. */
export function WebhookState({ webhook }: { webhook: Webhook }) {
  const words = useText(webhookText);
  if (webhook.disabled != null) return <Chip tone="bad">{words.disabled[webhook.disabled.reason]}</Chip>;
  return webhook.is_active ? <Chip tone="ok">{words.on}</Chip> : <Chip tone="off">{words.off}</Chip>;
}

/** How its calls went lately, as far as the desk keeps that with it. */
export function CallState({ webhook }: { webhook: Webhook }) {
  const words = useText(webhookText);
  const { dateTime } = useFormat();
  if (webhook.failing_since == null) return <span>{words.fine}</span>;
  return <Chip tone="warn">{words.failing(dateTime(webhook.failing_since))}</Chip>;
}

export function DeliveryChip({ status }: { status: DeliveryStatus }) {
  const words = useText(webhookText);
  const tone = { pending: 'wait', done: 'ok', dead: 'bad' } as const;
  return <Chip tone={tone[status]}>{words.status[status]}</Chip>;
}
