import type { AreaProps } from '../areas';
import { PolicyList } from './list';
import { PolicyPage } from './policy';

export default function SlaPolicies({ id }: AreaProps) {
  return id === undefined ? <PolicyList /> : <PolicyPage key={id} id={id} />;
}
