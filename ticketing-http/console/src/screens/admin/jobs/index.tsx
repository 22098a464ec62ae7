import type { AreaProps } from '../areas';
import { List } from './list';
import { One } from './one';

export default function Jobs({ id }: AreaProps) {
  return id === undefined ? <List /> : <One key={id} id={id} />;
}
