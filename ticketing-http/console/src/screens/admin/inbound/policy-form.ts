/** How mail is taken in, as the form has it: lists of lines. */
import type { Schemas } from '../../../api/types';
import { linesOf } from '../lines';

export interface PolicyForm {
  hold_strangers: boolean;
  status_words: boolean;
  blocked: string;
  spam_headers: string;
}

export function readPolicy(policy: Schemas['InboundPolicy']): PolicyForm {
  return {
    hold_strangers: policy.hold_strangers,
    status_words: policy.status_words,
    blocked: policy.blocked.join('\n'),
    spam_headers: policy.spam_headers.map((one) => `${one.name}: ${one.begins}`).join('\n'),
  };
}

/** `X-Spam-Flag: yes`, one a line. What has no colon is a name without a value, which the server refuses in its words. */
export function headersOf(text: string): Schemas['SpamHeader'][] {
  return linesOf(text, '\n').map((line) => {
    const at = line.indexOf(':');
    const [name, begins] = at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
    return { name: name.trim(), begins: begins.trim() };
  });
}

export function writePolicy(draft: PolicyForm): Schemas['InboundPolicyPatch'] {
  return { ...draft, blocked: linesOf(draft.blocked), spam_headers: headersOf(draft.spam_headers) };
}
