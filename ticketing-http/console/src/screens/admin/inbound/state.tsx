import { useText } from '../../../text';
import { Chip, type Tone } from '../chip';
import type { State } from './data';
import { inboundText } from './text';

const tones: Record<State, Tone | undefined> = {
  waiting: 'wait',
  new: 'ok',
  threaded: 'ok',
  noted: undefined,
  held: 'warn',
  refused: 'bad',
  quarantined: 'bad',
  dropped: 'off',
};

export function StateChip({ state }: { state: State }) {
  const words = useText(inboundText);
  return <Chip tone={tones[state]}>{words.states[state]}</Chip>;
}
