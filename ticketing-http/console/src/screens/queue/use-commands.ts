/** What the keyboard does in a list. */
import { useCommands, type Command } from '../../keys/commands';
import { useText } from '../../text';
import type { Picked } from './picker';
import { changeText, listText } from './text';

interface Doing {
  hasRows: boolean;
  /** There is something that a change would change. */
  hasTarget: boolean;
  hasSelection: boolean;
  move: (step: number | 'first' | 'last', isExtending?: boolean) => void;
  open: () => void;
  toggle: () => void;
  clear: () => void;
  reload: () => void;
  pick: (what: Picked) => void;
  assignMe: () => void;
}

export function useListCommands(to: Doing): void {
  const words = useText(listText);
  const changes = useText(changeText);
  const one = (id: string, title: string, keys: string[], disabled: boolean, run: () => void): Command => ({
    id: `queue.${id}`,
    group: words.group,
    title,
    ...(keys.length > 0 ? { keys } : {}),
    disabled,
    run,
  });
  const [noRows, noTarget] = [!to.hasRows, !to.hasTarget];
  useCommands([
    one('next', words.next, ['j'], noRows, () => to.move(1)),
    one('previous', words.previous, ['k'], noRows, () => to.move(-1)),
    one('extendNext', words.extendNext, ['Shift+j', 'Shift+ArrowDown'], noRows, () => to.move(1, true)),
    one('extendPrevious', words.extendPrevious, ['Shift+k', 'Shift+ArrowUp'], noRows, () => to.move(-1, true)),
    one('open', words.open, ['o'], noTarget, to.open),
    one('select', words.toggle, ['x'], noTarget, to.toggle),
    one('assignMe', changes.assignMe, ['e'], noTarget, to.assignMe),
    one('assign', changes.assign, ['a'], noTarget, () => to.pick('assign')),
    one('status', changes.status, ['s'], noTarget, () => to.pick('status')),
    one('priority', changes.priority, ['p'], noTarget, () => to.pick('priority')),
    one('team', changes.team, ['t'], noTarget, () => to.pick('team')),
    one('addTag', changes.addTag, ['l'], noTarget, () => to.pick('addTag')),
    one('removeTag', changes.removeTag, ['Shift+l'], noTarget, () => to.pick('removeTag')),
    one('macro', changes.macro, ['m'], noTarget, () => to.pick('macro')),
    one('clear', words.clear, ['Escape'], !to.hasSelection, to.clear),
    one('reload', words.reload, ['Shift+r'], false, to.reload),
  ]);
}
