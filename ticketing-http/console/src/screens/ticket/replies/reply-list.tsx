import { Zap } from 'lucide-react';
import { useEffect } from 'react';
import { useText } from '../../../text';
import styles from './replies.module.css';
import type { Found } from './slash';
import { replyText } from './text';
import type { Replies } from './use-replies';

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

export const optionId = (id: string, at: number) => `${id}-${at}`;

export function ReplyList({ id, replies }: { id: string; replies: Replies }) {
  const words = useText(replyText);
  const { found, current, isOpen, isEmpty } = replies;
  useEffect(() => {
    if (isOpen) document.getElementById(optionId(id, current))?.scrollIntoView({ block: 'nearest' });
  }, [isOpen, id, current]);
  return (
    <>
      <span role="status" className="visually-hidden">
        {isOpen && found.length > 0 ? words.found(found.length) : isEmpty && words.none}
      </span>
      {isOpen && found.length === 0 && <p className={styles.list}>{words.empty}</p>}
      {isOpen && found.length > 0 && (
        <div id={id} role="listbox" aria-label={words.list} className={styles.list}>
          {groupsOf(found).map(({ kind, members }) => (
            <div key={kind} role="group" aria-label={kind === 'macro' ? words.macros : words.responses}>
              <p className={styles.kind} aria-hidden>
                {kind === 'macro' ? words.macros : words.responses}
              </p>
              {members.map(({ one, at }) => (
                <div
                  key={one.kind === 'macro' ? one.macro.id : one.response.id}
                  id={optionId(id, at)}
                  role="option"
                  aria-selected={at === current}
                  className={styles.option}
                  // The focus stays where one writes.
                  onPointerDown={(event) => event.preventDefault()}
                  onPointerMove={() => replies.setCurrent(at)}
                  onClick={() => replies.choose(one)}
                >
                  <Line found={one} />
                </div>
              ))}
            </div>
          ))}
        </div>
      )}
    </>
  );
}

/** In the order in which they stand, each with its place among all. */
function groupsOf(found: readonly Found[]): { kind: Found['kind']; members: { one: Found; at: number }[] }[] {
  const kinds = [...new Set(found.map((one) => one.kind))];
  const placed = found.map((one, at) => ({ one, at }));
  return kinds.map((kind) => ({ kind, members: placed.filter(({ one }) => one.kind === kind) }));
}

function Line({ found }: { found: Found }) {
  const words = useText(replyText);
  const { name, shortcut, about } =
    found.kind === 'macro'
      ? { name: found.macro.name, shortcut: found.macro.shortcut, about: found.macro.description ?? '' }
      : {
          name: found.response.title,
          shortcut: found.response.shortcut,
          about: found.response.rendered?.marked ?? found.response.rendered?.content ?? '',
        };
  const missing = found.kind === 'response' ? (found.response.rendered?.missing ?? []) : [];
  return (
    <>
      <span className={styles.line}>
        {found.kind === 'macro' && <Zap size={14} aria-hidden />}
        <span className={styles.name} dir="auto">
          {name}
        </span>
        {shortcut !== null && <code className={styles.shortcut}>/{shortcut}</code>}
        {missing.length > 0 && <span className={styles.missing}>{words.missing(missing.join(', '))}</span>}
      </span>
      {about !== '' && (
        <span className={styles.about} dir="auto">
          {oneLine(about)}
        </span>
      )}
    </>
  );
}
