import type { AreaProps } from '../areas';
import { List } from './list';
import { JobPage } from './job';

export default function Jobs({ id }: AreaProps) {
  return id === undefined ? <List /> : <JobPage key={id} id={id} />;
}
