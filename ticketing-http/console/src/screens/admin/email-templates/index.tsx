import { NotFound } from '../../../app/not-found';
import type { AreaProps } from '../areas';
import { oneOf } from '../one-of';
import { MAIL_TYPES } from './data';
import { List } from './list';
import { One } from './one';

export default function EmailTemplates({ id }: AreaProps) {
  if (id === undefined) return <List />;
  const type = oneOf(id, MAIL_TYPES);
  return type === undefined ? <NotFound /> : <One key={type} type={type} />;
}
