import { useText } from '../../../text';
import { Chip, type Tone } from '../../../ui/chip';
import type { State } from './data';
import { inboundText } from './text';

const tones: Record<State, Tone> = {
  waiting: 'wait',
  new: 'ok',
  threaded: 'ok',
  noted: 'idle',
  held: 'warn',
  refused: 'bad',
  quarantined: 'bad',
  dropped: 'off',
};

export function StateChip({ state }: { state: State }) {
  const words = useText(inboundText);
  return <Chip tone={tones[state]}>{words.states[state]}</Chip>;
}
