import { useNavigate, useParams } from '@tanstack/react-router';
import { Workflow } from 'lucide-react';
import { Problem } from '../../api/problem';
import { useMe } from '../../api/session';
import { NotFound } from '../../app/not-found';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { Empty } from '../../ui/empty';
import { Skeleton } from '../../ui/skeleton';
import { reason } from '../../ui/toast';
import { useWorkflow } from './data';
import { Rule } from './rule';
import styles from './rule.module.css';
import { pageText } from './text-rule';

export default function Screen() {
  const me = useMe();
  const { id } = useParams({ strict: false });
  if (me.role !== 'admin' || id === undefined) return <NotFound />;
  return id === 'new' ? <Rule key="new" saved={undefined} /> : <Saved key={id} id={id} />;
}

function Saved({ id }: { id: string }) {
  const words = useText(pageText);
  const navigate = useNavigate();
  const { data, error } = useWorkflow(id);
  if (data !== undefined) return <Rule saved={data} />;
  if (error === null) {
    return (
      <div className={styles.page}>
        <Skeleton lines={8} height="2rem" />
      </div>
    );
  }
  const isMissing = error instanceof Problem && (error.status === 404 || error.status === 400);
  return (
    <Empty
      isPage
      title={isMissing ? words.missing : reason(error)}
      icon={<Workflow size={22} />}
      action={<Button onClick={() => void navigate({ to: '/workflows' })}>{words.back}</Button>}
    >
      {isMissing ? words.missingAbout : undefined}
    </Empty>
  );
}
