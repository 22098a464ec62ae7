import type { AreaProps } from '../areas';
import { FieldPage } from './field';
import { FieldList } from './list';

export default function CustomFields({ id }: AreaProps) {
  return id === undefined ? <FieldList /> : <FieldPage key={id} id={id} />;
}
