/** What the server says would become of a mail. */
import type { Schemas } from '../../../api/types';
import { oneOf } from '../one-of';
import { CAUSES, STATES, type Cause, type State } from './data';

export interface Outcome {
  state: State | undefined;
  cause: Cause | undefined;
  reason: string | undefined;
  /** Name and role. */
  author: string | undefined;
  ticketId: string | undefined;
  body: string | undefined;
  verdict: Schemas['AuthVerdict'];
  isSpam: boolean;
}

const RESULTS = ['none', 'pass', 'fail'] as const;

/** The description leaves open what is in it: each part is looked at. */
export function outcomeOf(raw: Record<string, unknown>): Outcome {
  const text = (name: string) => (typeof raw[name] === 'string' ? raw[name] : undefined);
  const part = (name: string) =>
    (typeof raw[name] === 'object' && raw[name] !== null ? raw[name] : {}) as Record<string, unknown>;
  const author = part('author');
  const verdict = part('verdict');
  const result = (name: string) =>
    oneOf(typeof verdict[name] === 'string' ? verdict[name] : undefined, RESULTS) ?? 'none';
  return {
    state: oneOf(text('state'), STATES),
    cause: oneOf(text('cause'), CAUSES),
    reason: text('reason'),
    author:
      typeof author['name'] === 'string'
        ? `${author['name']}${typeof author['role'] === 'string' ? ` (${author['role']})` : ''}`
        : undefined,
    ticketId: text('ticket_id'),
    body: text('body'),
    verdict: { spf: result('spf'), dkim: result('dkim'), dmarc: result('dmarc') },
    isSpam: raw['is_spam'] === true,
  };
}
