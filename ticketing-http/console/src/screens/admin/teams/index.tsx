import type { AreaProps } from '../areas';
import { TeamList } from './list';
import { TeamPage } from './team';

export default function Teams({ id }: AreaProps) {
  return id === undefined ? <TeamList /> : <TeamPage key={id} id={id} />;
}
