import type { AreaProps } from '../areas';
import { OrganizationList } from './list';
import { OrganizationPage } from './organization';

export default function Organizations({ id }: AreaProps) {
  return id === undefined ? <OrganizationList /> : <OrganizationPage key={id} id={id} />;
}
