/** Which key does what here; and a way to choose other ones. */
import { useState, type KeyboardEvent } from 'react';
import { keysOf, remap, shown, useAllCommands, written, type Command } from '../keys/commands';
import { defineText, useText } from '../text';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import styles from './key-help.module.css';

const text = defineText(
  {
    title: 'Keys',
    change: (title: string) => `Change the key of “${title}”`,
    press: 'Press a key…',
    reset: 'As it was',
    hint: 'Press a key to change it, then the new one. Escape leaves it as it is.',
  },
  {
    title: 'Tasten',
    change: (title: string) => `Taste für „${title}“ ändern`,
    press: 'Taste drücken…',
    reset: 'Wie zuvor',
    hint: 'Wählen Sie eine Taste, um sie zu ändern, und drücken Sie die neue. Escape lässt sie, wie sie ist.',
  },
);

export default function KeyHelp({ onClose }: { onClose: () => void }) {
  const words = useText(text);
  const commands = useAllCommands().filter((command) => command.keys !== undefined);
  const groups = Map.groupBy(commands, (command) => command.group);
  const [changing, setChanging] = useState<string>();

  const onKeyDown = (command: Command) => (event: KeyboardEvent) => {
    if (changing !== command.id || ['Shift', 'Control', 'Alt', 'Meta', 'Tab'].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    setChanging(undefined);
    if (event.key !== 'Escape') remap(command.id, [written(event.nativeEvent)]);
  };

  return (
    <Dialog title={words.title} size="medium" onClose={onClose}>
      <p className={styles.hint}>{words.hint}</p>
      {[...groups].map(([group, those]) => (
        <section key={group} className={styles.group}>
          <h3>{group}</h3>
          <dl>
            {those.map((command) => (
              <div key={command.id} className={styles.row}>
                <dt>{command.title}</dt>
                <dd>
                  {keysOf(command).join() !== command.keys?.join() && (
                    <Button size="small" kind="quiet" onClick={() => remap(command.id, undefined)}>
                      {words.reset}
                    </Button>
                  )}
                  <Button
                    size="small"
                    aria-label={words.change(command.title)}
                    onClick={() => setChanging(command.id)}
                    onBlur={() => setChanging(undefined)}
                    onKeyDown={onKeyDown(command)}
                  >
                    {changing === command.id ? words.press : keysOf(command).flatMap(shown).join(' ')}
                  </Button>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
