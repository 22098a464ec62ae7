import type { AreaProps } from '../areas';
import { ImportPage } from './import';
import { List } from './list';
import { NewImport } from './new';

export default function Imports({ id }: AreaProps) {
  if (id === undefined) return <List />;
  return id === 'new' ? <NewImport /> : <ImportPage key={id} id={id} />;
}
