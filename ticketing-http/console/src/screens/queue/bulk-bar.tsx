/** What can be done to the chosen tickets. */
import { CircleDot, Signal, Tag, UserCheck, UserPlus, Users, X, Minus, Zap } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import styles from './bulk-bar.module.css';
import type { Picked } from './picker';
import { changeText, listText } from './text';

interface Props {
  count: number;
  isBusy: boolean;
  onPick: (what: Picked, button: HTMLElement) => void;
  onAssignMe: () => void;
  onClear: () => void;
}

const TagOff = () => (
  <span className={styles.tagOff}>
    <Tag size={16} />
    <Minus size={10} />
  </span>
);

export default function BulkBar({ count, isBusy, onPick, onAssignMe, onClear }: Props) {
  const words = useText(changeText);
  const lists = useText(listText);
  const pick = (what: Picked, label: string, icon: ReactNode, isBare = false) => (
    <Button
      kind="quiet"
      data-pick={what}
      aria-haspopup="dialog"
      label={label}
      title={label}
      disabled={isBusy}
      icon={icon}
      onClick={(event) => onPick(what, event.currentTarget)}
    >
      {isBare ? undefined : <span className={styles.label}>{label}</span>}
    </Button>
  );
  return (
    <div className={styles.place}>
      <div className={styles.bar} role="toolbar" aria-label={words.bar} aria-busy={isBusy}>
        <span className={styles.count} role="status">
          {lists.selected(count)}
        </span>
        {pick('assign', words.assign, <UserPlus size={16} />)}
        <Button label={words.assignMe} disabled={isBusy} icon={<UserCheck size={16} />} onClick={onAssignMe} />
        {pick('team', words.team, <Users size={16} />)}
        {pick('status', words.status, <CircleDot size={16} />)}
        {pick('priority', words.priority, <Signal size={16} />)}
        {pick('addTag', words.addTag, <Tag size={16} />, true)}
        {pick('removeTag', words.removeTag, <TagOff />, true)}
        {pick('macro', words.macro, <Zap size={16} />, true)}
        <Button label={lists.clear} icon={<X size={16} />} onClick={onClear} />
      </div>
    </div>
  );
}
