/** How a ticket looked for its agent: who got it, and why each of the others did not. */
import { Check, ChevronRight, Clock } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import type { Schemas } from '../api/types';
import { useFormat } from '../format';
import { useText } from '../text';
import styles from './routing-decision.module.css';
import { routingText } from './routing-text';
import { Ago } from './time';

type Decision = Schemas['RoutingDecision'];

interface Props {
  decision: Decision;
  /** What is said of it besides, such as which ticket it was; also of one that is closed. */
  about?: (isOpen: boolean) => ReactNode;
  isOpenAtFirst?: boolean;
}

/** One of a list: what came of it, and on a press the rest. */
export function RoutingDecision({ decision, about, isOpenAtFirst = false }: Props) {
  const words = useText(routingText);
  const id = useId();
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  const chosen = decision.candidates.find((one) => one.user_id === decision.agent_id);
  return (
    <li>
      <button
        type="button"
        className={styles.head}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <ChevronRight size={14} className={styles.chevron} />
        <span className={styles.outcome} data-waits={decision.agent_id === null}>
          {decision.agent_id === null ? <Clock size={14} /> : <Check size={14} />}
          <span dir="auto">{decision.agent_id === null ? words.waits : words.got(chosen?.name ?? words.gone)}</span>
        </span>
        <span className={styles.when}>
          <Ago at={decision.at} short />
        </span>
      </button>
      {about !== undefined && <div className={styles.about}>{about(isOpen)}</div>}
      <div id={id} className={styles.body} hidden={!isOpen}>
        {isOpen && <Considered decision={decision} />}
      </div>
    </li>
  );
}

function Considered({ decision }: { decision: Decision }) {
  const words = useText(routingText);
  const { number } = useFormat();
  const { agent_id, routing, candidates, skills, skills_waived, more } = decision;
  const why = agent_id === null ? words.why.nobody : routing === 'manual' ? undefined : words.why[routing];
  return (
    <>
      <p className={styles.why}>{candidates.length === 0 ? words.nobodyThere : why}</p>
      {skills.length > 0 && (
        <p className={styles.why}>
          {words.skills} <span dir="auto">{skills.join(', ')}</span>. {skills_waived && words.waived}
        </p>
      )}
      <ul className={styles.candidates}>
        {candidates.map(({ user_id, name, standing, open, capacity }) => (
          <li key={user_id} className={styles.candidate} data-standing={standing}>
            <span className={styles.name} dir="auto">
              {name ?? words.gone}
            </span>
            <span className={styles.held}>
              {capacity === null ? words.openOnly(number(open)) : words.open(number(open), number(capacity))}
            </span>
            <span className={styles.standing}>{words.standings[standing]}</span>
          </li>
        ))}
      </ul>
      {more > 0 && <p className={styles.why}>{words.more(more, number(more))}</p>}
    </>
  );
}
