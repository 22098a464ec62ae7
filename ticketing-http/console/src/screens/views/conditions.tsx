/** Which tickets a view holds: the builder of rules' conditions, of tickets as they stand. */
import { useCallback, useMemo, useRef, useState } from 'react';
import { same, type Json } from '../workflows/model/json';
import { Conditions } from '../workflows/conditions';
import { EditingContext } from '../workflows/context';
import { useSpeech } from '../workflows/data';
import {
  conditionPlaces,
  edit,
  readDraft,
  writeDraft,
  type Draft,
  type Edit,
  type FieldError,
} from '../workflows/model/draft';
import type { SavedView } from '../queue/views';

export type Asked = Pick<SavedView, 'conditions' | 'match'>;

const read = ({ conditions, match }: Asked): Draft => readDraft({ trigger_conditions: conditions as Json, match });

function write(draft: Draft): Asked {
  const { trigger_conditions, match } = writeDraft(draft);
  return { conditions: trigger_conditions as Asked['conditions'], match: match as Asked['match'] };
}

interface Props {
  asked: Asked;
  errors: readonly FieldError[];
  onChange: (asked: Asked) => void;
  /** Something is typed that can't be read. */
  onUnreadable: (isUnreadable: boolean) => void;
}

export function ViewConditions({ asked, errors, onChange, onUnreadable }: Props) {
  const [draft, setDraft] = useState(() => read(asked));
  // It was discarded, or somebody else's is shown in place of it.
  const [seen, setSeen] = useState(asked);
  if (seen !== asked) {
    setSeen(asked);
    if (!same(write(draft), asked)) setDraft(read(asked));
  }
  const unreadable = useRef(new Set<string>());
  const markUnreadable = useCallback(
    (place: string, isUnreadable: boolean) => {
      if (isUnreadable) unreadable.current.add(place);
      else unreadable.current.delete(place);
      onUnreadable(unreadable.current.size > 0);
    },
    [onUnreadable],
  );
  const speech = useSpeech([{ trigger_conditions: asked.conditions }], false);
  const places = useMemo(() => conditionPlaces(draft, 'conditions'), [draft]);
  const step = (what: Edit) => {
    const next = edit(draft, what);
    setDraft(next);
    onChange(write(next));
  };
  return (
    <EditingContext value={{ draft, step, errors, places, speech, markUnreadable, isStanding: true }}>
      <Conditions />
    </EditingContext>
  );
}
