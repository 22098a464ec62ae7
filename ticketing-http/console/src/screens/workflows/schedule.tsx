/** When a rule of time looks. */
import { useText } from '../../text';
import { CheckField, SelectField, TextField } from '../../ui/field';
import styles from './builder.module.css';
import { useEditing, useErrorAt } from './context';
import type { Json, JsonObject } from './model/json';
import { scheduleKind, scheduleWords, type ScheduleKind } from './model/schedule';
import { buildText } from './text-build';
import { DurationField } from './time-fields';

const FIRST: Record<ScheduleKind, JsonObject> = {
  every: { every: '1h' },
  cron: { cron: '0 8 * * 1-5', time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone },
  after: { after: '4h', since: 'last_customer_reply' },
};
const ANCHORS = ['created_at', 'updated_at', 'last_customer_reply', 'last_status_change'] as const;
const ZONES = Intl.supportedValuesOf('timeZone');

export function Schedule() {
  const words = useText(buildText);
  const { draft, step, speech } = useEditing();
  const errors = {
    all: useErrorAt('schedule'),
    every: useErrorAt('schedule.every'),
    after: useErrorAt('schedule.after'),
    cron: useErrorAt('schedule.cron'),
    zone: useErrorAt('schedule.time_zone'),
  };
  const schedule = draft.schedule ?? FIRST.every;
  const kind = scheduleKind(schedule);
  const text = (name: string) => {
    const value = schedule[name];
    return typeof value === 'string' ? value : '';
  };
  const put = (name: string, value: Json) => step({ do: 'set', what: { schedule: { ...schedule, [name]: value } } });
  const zone = text('time_zone') || 'UTC';
  return (
    <div className={styles.stack}>
      <div className={styles.pair}>
        <SelectField
          label={words.schedule}
          value={kind}
          onChange={(event) => step({ do: 'set', what: { schedule: FIRST[event.target.value as ScheduleKind] } })}
        >
          {(['every', 'cron', 'after'] as const).map((one) => (
            <option key={one} value={one}>
              {words.kinds[one]}
            </option>
          ))}
        </SelectField>
        {kind === 'every' && (
          <DurationField
            label={words.every}
            isLabelHidden={false}
            value={text('every')}
            onChange={(next) => put('every', next)}
            error={errors.every}
          />
        )}
        {kind === 'after' && (
          <>
            <DurationField
              label={words.after}
              isLabelHidden={false}
              value={text('after')}
              onChange={(next) => put('after', next)}
              error={errors.after}
            />
            <SelectField
              label={words.since}
              value={text('since')}
              onChange={(event) => put('since', event.target.value)}
            >
              {ANCHORS.map((one) => (
                <option key={one} value={one}>
                  {speech.rule.time.since[one]}
                </option>
              ))}
            </SelectField>
          </>
        )}
        {kind === 'cron' && (
          <>
            <TextField
              label={words.cron}
              hint={words.cronHint}
              className={styles.mono}
              spellCheck={false}
              value={text('cron')}
              onChange={(event) => put('cron', event.target.value)}
              error={errors.cron}
            />
            <SelectField
              label={words.zone}
              value={zone}
              onChange={(event) => put('time_zone', event.target.value)}
              error={errors.zone}
            >
              {!ZONES.includes(zone) && <option value={zone}>{zone}</option>}
              {ZONES.map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </SelectField>
          </>
        )}
      </div>
      {kind === 'after' && (
        <CheckField
          label={words.working}
          checked={schedule['working_time'] === true}
          onChange={(event) => put('working_time', event.target.checked)}
        />
      )}
      <p className={styles.spoken}>
        {scheduleWords(schedule, speech.rule, speech.locale)}. {words.closed}
      </p>
      {errors.all !== undefined && Object.values(errors).filter(Boolean).length === 1 && (
        <p className={styles.error}>{errors.all}</p>
      )}
    </div>
  );
}
