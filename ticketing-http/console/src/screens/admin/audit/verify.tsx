import { useMutation } from '@tanstack/react-query';
import { AlertTriangle, ShieldCheck } from 'lucide-react';
import { api, ok } from '../../../api/client';
import { useFormat } from '../../../format';
import { useCommands } from '../../../keys/commands';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { reason } from '../../../ui/toast';
import styles from './audit.module.css';
import { areaText } from '../areas';
import { auditText } from './text';

/** Proves that the log is whole, or says plainly what is not. */
export function Verify() {
  const words = useText(auditText);
  const areas = useText(areaText);
  const { number } = useFormat();
  const verify = useMutation({ mutationFn: () => ok(api.GET('/api/audit/verify')) });
  useCommands([{ id: 'audit.verify', title: words.verify, group: areas.audit, run: () => verify.mutate() }]);
  const flaw = verify.data?.first_bad;
  const flaws: Readonly<Record<string, string>> = words.flaws;
  return (
    <div className={styles.verify}>
      <Button icon={<ShieldCheck size={16} />} busy={verify.isPending} onClick={() => verify.mutate()}>
        {words.verify}
      </Button>
      <div role="status" className={styles.result}>
        {verify.isPending && <p className={styles.quiet}>{words.verifying}</p>}
        {verify.isError && <p className={styles.bad}>{reason(verify.error)}</p>}
        {verify.data?.ok === true && (
          <p className={styles.good}>
            <ShieldCheck size={16} aria-hidden />
            {words.whole(number(verify.data.checked))}
          </p>
        )}
        {verify.data?.ok === false && (
          <div className={styles.bad}>
            <p className={styles.badTitle}>
              <AlertTriangle size={16} aria-hidden />
              {words.broken}
            </p>
            {flaw !== undefined && <p>{flaws[flaw.kind] ?? words.unknownFlaw(flaw.kind)}</p>}
            {flaw?.line !== undefined && (
              <p>
                {words.line} <code>{flaw.line}</code>
              </p>
            )}
            {flaw?.seal !== undefined && (
              <p>
                {words.seal} <code>{flaw.seal}</code>
              </p>
            )}
            <p>{words.checked(number(verify.data.checked))}</p>
          </div>
        )}
      </div>
    </div>
  );
}
