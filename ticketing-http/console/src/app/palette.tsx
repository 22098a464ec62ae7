/** Everything that can be done here, found by typing. */
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { keysOf, shown, useAllCommands, type Command } from '../keys/commands';
import { defineText, useText } from '../text';
import { classes } from '../ui/classes';
import { Dialog } from '../ui/dialog';
import styles from './palette.module.css';

const text = defineText(
  { title: 'Commands', find: 'What do you want to do?', none: 'Nothing here is called that.' },
  { title: 'Befehle', find: 'Was möchten Sie tun?', none: 'So heißt hier nichts.' },
);

/** Whether the letters are there in this order; the better the closer together, and at the beginning of words. */
export function match(words: string, wanted: string): number | undefined {
  const [low, find] = [words.toLowerCase(), wanted.toLowerCase().trim()];
  if (find === '') return 0;
  const at = low.indexOf(find);
  if (at >= 0) return at === 0 || low[at - 1] === ' ' ? 100 - at / 100 : 60 - at / 100;
  let [place, score] = [0, 0];
  for (const letter of find) {
    if (letter === ' ') continue;
    const next = low.indexOf(letter, place);
    if (next < 0) return undefined;
    score += next === place ? 2 : low[next - 1] === ' ' ? 1.5 : 0;
    place = next + 1;
  }
  return score;
}

interface Props {
  /** What was typed before the palette was there, and whether Enter was the end of it. */
  typed: string;
  isEntered: boolean;
  onClose: () => void;
}

export default function Palette({ typed, isEntered, onClose }: Props) {
  const words = useText(text);
  const commands = useAllCommands();
  const [wanted, setWanted] = useState(typed);
  const [at, setAt] = useState(0);
  const found = commands
    .filter((command) => command.disabled !== true && command.id !== 'palette')
    .map((command) => ({ command, score: match(`${command.title} ${command.words ?? ''}`, wanted) }))
    .filter((one): one is { command: Command; score: number } => one.score !== undefined)
    .sort((a, b) => b.score - a.score)
    .map((one) => one.command)
    .slice(0, 50);
  const current = Math.min(at, found.length - 1);

  const run = (command: Command | undefined) => {
    if (command === undefined) return;
    onClose();
    // What it opens wants the focus, which the dialog gives back first.
    setTimeout(command.run, 0);
  };
  const first = useRef(() => run(found[0]));
  useEffect(() => {
    if (isEntered) first.current();
  }, [isEntered]);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const next = (current + step + found.length) % Math.max(found.length, 1);
      setAt(next);
      document.getElementById(`command-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(found[current]);
    }
  };

  return (
    <Dialog title={words.title} isBare size="medium" onClose={onClose}>
      <input
        autoFocus
        className={styles.input}
        role="combobox"
        aria-expanded
        aria-controls="commands"
        aria-activedescendant={current >= 0 ? `command-${current}` : undefined}
        aria-label={words.find}
        placeholder={words.find}
        value={wanted}
        onChange={(event) => {
          setWanted(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id="commands" role="listbox" aria-label={words.title} className={styles.list}>
        {found.map((command, place) => (
          <div
            key={command.id}
            id={`command-${place}`}
            role="option"
            aria-selected={place === current}
            className={classes(styles.item, place === current && styles.current)}
            onMouseMove={() => setAt(place)}
            onClick={() => run(command)}
          >
            <span className={styles.group}>{command.group}</span>
            <span className={styles.title}>{command.title}</span>
            {shown(keysOf(command)[0] ?? '').map((key) => key !== '' && <kbd key={key}>{key}</kbd>)}
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <p className={styles.none} role="status">
          {words.none}
        </p>
      )}
    </Dialog>
  );
}
