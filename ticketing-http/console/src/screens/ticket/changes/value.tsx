/** Fields of a ticket and what they hold, as people read them. */
import { useDirectory } from '../../../api/directory';
import { useCustomFields } from '../../../api/custom-fields';
import type { Priority, Status } from '../../../api/types';
import { useFormat } from '../../../format';
import { defineText, useText } from '../../../text';
import { PriorityBadge, StatusBadge } from '../../../ui/badge';
import { useFieldWords } from '../panel/custom-fields';
import { propertiesText } from '../panel/properties.text';
import type { FieldName } from './three-way';
import styles from './value.module.css';

const text = defineText({ empty: 'nothing' }, { empty: 'nichts' });

/** What people call a field of a ticket. */
export function useFieldName(): (field: FieldName) => string {
  const words = useText(propertiesText);
  const own = useCustomFields();
  return (field) => {
    const names: Partial<Record<FieldName, string>> = {
      subject: words.subject,
      description: words.description,
      status: words.status,
      priority: words.priority,
      category: words.category,
      tags: words.tags,
      assigned_agent_id: words.assignee,
      team_id: words.team,
      wake_at: words.wakeAt,
    };
    return names[field] ?? own.find((one) => `custom_fields.${one.key}` === field)?.label ?? field;
  };
}

/** What a field holds, in words. */
export function Value({ field, value }: { field: FieldName; value: unknown }) {
  const words = useText(text);
  const { staff, teams } = useDirectory();
  const { dateTime } = useFormat();
  const own = useCustomFields();
  const inWords = useFieldWords();
  if (value === null || value === undefined || value === '') return <em className={styles.nothing}>{words.empty}</em>;
  if (field === 'status') return <StatusBadge status={value as Status} />;
  if (field === 'priority') return <PriorityBadge priority={value as Priority} />;
  const id = typeof value === 'string' ? value : '';
  const named = {
    assigned_agent_id: () => staff.get(id)?.name,
    team_id: () => teams.get(id)?.name,
    wake_at: () => dateTime(id),
  };
  const told =
    field in named
      ? named[field as keyof typeof named]()
      : inWords(
          own.find((one) => `custom_fields.${one.key}` === field),
          value,
        );
  return (
    <span dir="auto" className={styles.value}>
      {told ?? words.empty}
    </span>
  );
}
