import type { AreaProps } from '../areas';
import { ResponseList } from './list';
import { ResponsePage } from './response';

export default function CannedResponses({ id }: AreaProps) {
  return id === undefined ? <ResponseList /> : <ResponsePage key={id} id={id} />;
}
