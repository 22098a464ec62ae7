/** A view that asks for what is not there any more: why, and how it is put right. */
import { Link } from '@tanstack/react-router';
import { AlertTriangle } from 'lucide-react';
import { useText } from '../../text';
import { buttonClass } from '../../ui/button';
import { Empty } from '../../ui/empty';
import type { SavedView } from '../queue/views';
import { useReasons } from './broken';
import { useRights } from '../../ui/sharing-rights';
import { viewText } from './text';

export function BrokenView({ view }: { view: SavedView }) {
  const words = useText(viewText);
  const rights = useRights(view.visibility === 'team');
  const reasons = useReasons();
  const isMine = rights.mayChange(view);
  return (
    <Empty
      title={words.broken}
      icon={<AlertTriangle size={20} />}
      action={
        isMine ? (
          <Link to="/views/$id" params={{ id: view.id }} className={buttonClass()}>
            {words.edit}
          </Link>
        ) : undefined
      }
    >
      {[...reasons(view), ...(isMine ? [] : [words.askOwner])].join(' ')}
    </Empty>
  );
}
