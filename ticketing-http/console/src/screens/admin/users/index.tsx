import type { AreaProps } from '../areas';
import { UserList } from './list';
import { UserPage } from './user';

export default function Users({ id }: AreaProps) {
  return id === undefined ? <UserList /> : <UserPage key={id} id={id} />;
}
