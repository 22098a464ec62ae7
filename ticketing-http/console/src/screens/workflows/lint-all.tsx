import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { AlertTriangle, CheckCircle2 } from 'lucide-react';
import { api, ok } from '../../api/client';
import { useText } from '../../text';
import { Dialog } from '../../ui/dialog';
import { Skeleton } from '../../ui/skeleton';
import { reason } from '../../ui/toast';
import styles from './list.module.css';
import type { WorkflowWire } from './model/draft';
import { listText } from './text';

/** What is likely to be wrong with the rules that are switched on. */
export default function LintAll({ rules, onClose }: { rules: readonly WorkflowWire[]; onClose: () => void }) {
  const words = useText(listText);
  const { data, error } = useQuery({
    queryKey: ['workflows', 'lint'],
    staleTime: 0,
    gcTime: 0,
    queryFn: ({ signal }) => ok(api.POST('/api/workflows/lint', { body: {}, signal })),
  });
  const warnings = data?.warnings;
  return (
    <Dialog title={words.check} size="medium" onClose={onClose}>
      <div role="status">
        {error !== null ? (
          <p className={styles.bad}>{reason(error)}</p>
        ) : warnings === undefined ? (
          <Skeleton lines={3} />
        ) : warnings.length === 0 ? (
          <p className={styles.fine}>
            <CheckCircle2 size={16} />
            {words.checkedNone}
          </p>
        ) : (
          <>
            <h3 className={styles.sub}>{words.checkedSome(warnings.length)}</h3>
            <ul className={styles.findings}>
              {warnings.map((warning, at) => (
                <li key={at}>
                  <AlertTriangle size={15} />
                  <div>
                    <p dir="auto">{warning.message}</p>
                    <p className={styles.links}>
                      {warning.workflow_ids.map((id) => (
                        <Link key={id} to="/workflows/$id" params={{ id }} dir="auto">
                          {rules.find((rule) => rule.id === id)?.name ?? id}
                        </Link>
                      ))}
                    </p>
                  </div>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </Dialog>
  );
}
