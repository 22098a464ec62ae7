import { lazy } from 'react';
import { useMe } from '../../api/session';

const Portal = lazy(() => import('../portal'));

export default function Screen() {
  const me = useMe();
  return me.role === 'customer' ? <Portal /> : <h1>queue</h1>;
}
