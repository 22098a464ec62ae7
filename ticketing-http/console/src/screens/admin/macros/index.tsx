import type { AreaProps } from '../areas';
import { MacroList } from './list';
import { MacroPage } from './macro';

export default function Macros({ id }: AreaProps) {
  return id === undefined ? <MacroList /> : <MacroPage key={id} id={id} />;
}
