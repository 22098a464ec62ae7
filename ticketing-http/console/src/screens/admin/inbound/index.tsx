import type { AreaProps } from '../areas';
import { List } from './list';
import { MailPage } from './mail';
import { Policy } from './policy';
import { Try } from './try';

export default function Inbound({ id }: AreaProps) {
  if (id === undefined) return <List />;
  if (id === 'policy') return <Policy />;
  return id === 'preview' ? <Try /> : <MailPage key={id} id={id} />;
}
