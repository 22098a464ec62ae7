/** The form of one action. What there is no control for is kept, and shown as JSON. */
import { useText } from '../../text';
import { CheckField, SelectField, TextField } from '../../ui/field';
import styles from './builder.module.css';
import { useRecipients, type Purpose } from './choices';
import { useEditing, useErrorAt } from './context';
import { useStaff, useTeams, useWebhooks } from './data';
import { JsonField } from './json-field';
import { PARAMS, isActionType } from './model/catalog';
import type { ActionDraft } from './model/draft';
import { without, type Json, type JsonObject } from './model/json';
import { ruleText } from './model/text';
import { Pick } from './pick';
import { actionText } from './text-build';
import { DurationField, MomentField } from './time-fields';
import { Updates } from './updates';
import { VariableText } from './variable-text';

interface Props {
  action: ActionDraft;
  /** Where its parameters stand in the JSON. */
  place: string;
}

export interface Params {
  params: JsonObject;
  place: string;
  /** Sets one; undefined takes it off. */
  put: (name: string, value: Json | undefined) => void;
  replace: (params: JsonObject) => void;
}

export function ActionForm({ action, place }: Props) {
  const words = useText(actionText);
  const { step } = useEditing();
  const error = useErrorAt(place);
  const { id, type, params } = action;
  const replace = (next: JsonObject) => step({ do: 'change-action', id, what: { params: next } });
  const put = (name: string, value: Json | undefined) =>
    replace(value === undefined ? without(params, name) : { ...params, [name]: value });
  const all = { params, place, put, replace };
  if (!isActionType(type)) {
    return (
      <JsonField label={words.params} value={params} error={error} onChange={(json) => replace(json as JsonObject)} />
    );
  }
  const known = type === 'update_ticket' ? Object.keys(params) : PARAMS[type];
  const others = without(params, ...known);
  return (
    <div className={styles.form}>
      <OwnError place={place} />
      <Form type={type} {...all} />
      {Object.keys(others).length > 0 && (
        <JsonField
          label={words.others}
          hint={words.othersHint}
          value={others}
          onChange={(json) => replace({ ...without(params, ...Object.keys(others)), ...(json as JsonObject) })}
        />
      )}
    </div>
  );
}

/** What is wrong with the parameters as a whole. */
function OwnError({ place }: { place: string }) {
  const { errors } = useEditing();
  const own = errors.find(({ field }) => field === place)?.message;
  return own === undefined ? null : <p className={styles.error}>{own}</p>;
}

function Form({ type, ...all }: Params & { type: ActionDraft['type'] }) {
  const words = useText(actionText);
  switch (type) {
    case 'update_ticket':
      return <Updates {...all} />;
    case 'assign_ticket':
      return <Assign {...all} />;
    case 'add_tags':
    case 'remove_tags':
      return <Tags {...all} />;
    case 'add_comment':
      return (
        <>
          <Text {...all} name="body" label={words.comment} isLong />
          <CheckField
            label={words.internal}
            hint={words.internalHint}
            checked={all.params['is_internal'] === true}
            onChange={(event) => all.put('is_internal', event.target.checked)}
          />
        </>
      );
    case 'send_email':
      return (
        <>
          <Recipients {...all} name="to" label={words.to} purpose="mail" />
          <Text {...all} name="subject" label={words.subject} />
          <Text {...all} name="body" label={words.body} isLong />
        </>
      );
    case 'send_notification':
      return (
        <>
          <Recipients {...all} name="user_id" label={words.to} purpose="notice" />
          <Text {...all} name="title" label={words.title} />
          <Text {...all} name="message" label={words.message} isLong />
        </>
      );
    case 'trigger_webhook':
      return <Webhook {...all} />;
    case 'escalate_ticket':
      return (
        <>
          <Recipients {...all} name="to" label={words.to} purpose="escalation" isSingle />
          <Text {...all} name="reason" label={words.reason} />
        </>
      );
    case 'add_watchers':
    case 'remove_watchers':
      return <Recipients {...all} name="user_id" label={words.who} purpose="listening" />;
    default:
      return <Snooze {...all} />;
  }
}

interface OneParam extends Params {
  name: string;
  label: string;
}

function Text({ params, place, put, name, label, isLong = false }: OneParam & { isLong?: boolean }) {
  const words = useText(actionText);
  const value = params[name];
  return (
    <VariableText
      label={label}
      isLong={isLong}
      hint={isLong ? words.hint : undefined}
      value={typeof value === 'string' ? value : ''}
      onChange={(text) => put(name, text)}
      error={useErrorAt(`${place}.${name}`)}
    />
  );
}

function Recipients({
  params,
  place,
  put,
  name,
  label,
  purpose,
  isSingle = false,
}: OneParam & { purpose: Purpose; isSingle?: boolean }) {
  const words = useText(actionText);
  const { speech } = useEditing();
  const choices = useRecipients(purpose);
  const value = params[name];
  const list = value === undefined || value === null ? [] : [value].flat().map(String);
  const error = useErrorAt(`${place}.${name}`);
  return (
    <div className={styles.labelled}>
      <span className={styles.label}>{label}</span>
      <Pick
        label={label}
        choices={choices}
        value={list}
        isSingle={isSingle}
        takesText
        error={error}
        nameOf={(id) => speech.names.get(id) ?? id}
        onChange={(next) => {
          const [only] = next;
          // One that stood for itself goes on to do so.
          if (only === undefined) put(name, isSingle ? undefined : []);
          else put(name, next.length === 1 && (isSingle || !Array.isArray(value)) ? only : next);
        }}
      />
      <p className={styles.quiet}>{purpose === 'mail' ? words.toHint : words.whoHint}</p>
    </div>
  );
}

function Tags({ params, place, put }: Params) {
  const words = useText(actionText);
  const value = params['tags'];
  return (
    <div className={styles.labelled}>
      <span className={styles.label}>{words.tags}</span>
      <Pick
        label={words.tags}
        choices={[]}
        takesText
        placeholder={words.tagHint}
        value={value === undefined || value === null ? [] : [value].flat().map(String)}
        error={useErrorAt(`${place}.tags`)}
        onChange={(next) => put('tags', next)}
      />
    </div>
  );
}

const LEAVE = '';
const NULL = 'null';
const OWN = '{{';

function Assign({ params, place, put }: Params) {
  const words = useText(actionText);
  const { part } = useText(ruleText);
  const { data: staff = [] } = useStaff();
  const { data: teams = [] } = useTeams();
  const errors = { agent_id: useErrorAt(`${place}.agent_id`), team_id: useErrorAt(`${place}.team_id`) };
  const { isByHand = false } = useEditing();
  const parts = ([isByHand ? 'me' : 'actor', 'team_lead', 'assignee', 'requester'] as const).map((id) => ({
    id,
    name: part[id],
  }));
  const rows = [
    { name: 'team_id', label: words.team, groups: [teams] },
    { name: 'agent_id', label: words.agent, groups: [parts, staff] },
  ] as const;
  return (
    <div className={styles.pair}>
      {rows.map(({ name, label, groups }) => {
        const value = params[name];
        const text = typeof value === 'string' ? value : '';
        const isOwn = text.includes('{{');
        const isKnown = groups.some((group) => group.some((one) => one.id === text));
        return (
          <div key={name} className={styles.stack}>
            <SelectField
              label={label}
              value={value === undefined ? LEAVE : value === null || text === '' ? NULL : isOwn ? OWN : text}
              error={errors[name]}
              onChange={({ target }) =>
                put(
                  name,
                  target.value === LEAVE
                    ? undefined
                    : target.value === NULL
                      ? null
                      : target.value === OWN
                        ? `{{${name === 'team_id' ? 'team_id' : 'assigned_agent_id'}}}`
                        : target.value,
                )
              }
            >
              <option value={LEAVE}>{words.leave}</option>
              <option value={NULL}>{words.nobody}</option>
              {!isKnown && !isOwn && text !== '' && <option value={text}>{text}</option>}
              {groups.map((group, at) => (
                <optgroup key={at} label="—">
                  {group.map((one) => (
                    <option key={one.id} value={one.id}>
                      {one.name}
                    </option>
                  ))}
                </optgroup>
              ))}
              <option value={OWN}>{words.variable}</option>
            </SelectField>
            {isOwn && <VariableText label={label} isLabelHidden value={text} onChange={(next) => put(name, next)} />}
          </div>
        );
      })}
    </div>
  );
}

function Webhook({ params, place, put, replace }: Params) {
  const words = useText(actionText);
  const { data: webhooks = [] } = useWebhooks();
  const { webhook_id: id, url } = params;
  const isUrl = typeof url === 'string';
  const errors = [useErrorAt(`${place}.webhook_id`), useErrorAt(`${place}.url`)];
  const isKnown = webhooks.some((one) => one.id === id);
  return (
    <>
      <SelectField
        label={words.webhook}
        value={isUrl ? 'url' : typeof id === 'string' ? id : ''}
        error={errors[0]}
        onChange={({ target }) => {
          const rest = without(params, 'webhook_id', 'url');
          replace(target.value === 'url' ? { ...rest, url: '' } : { ...rest, webhook_id: target.value });
        }}
      >
        {!isUrl && !isKnown && (
          <option value={typeof id === 'string' ? id : ''}>{typeof id === 'string' ? id : '…'}</option>
        )}
        {webhooks.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
        <option value="url">{words.ownUrl}</option>
      </SelectField>
      {isUrl && (
        <TextField
          label={words.url}
          type="url"
          placeholder="https://"
          value={url}
          error={errors[1]}
          onChange={(event) => put('url', event.target.value)}
        />
      )}
    </>
  );
}

function Snooze({ params, place, replace }: Params) {
  const words = useText(actionText);
  const { until, for: time } = params;
  const isUntil = until !== undefined;
  const errors = [useErrorAt(`${place}.for`), useErrorAt(`${place}.until`)];
  const rest = without(params, 'for', 'until');
  return (
    <div className={styles.pair}>
      <SelectField
        label={words.snooze}
        value={isUntil ? 'until' : 'for'}
        onChange={(event) => replace({ ...rest, [event.target.value]: event.target.value === 'for' ? '4h' : '' })}
      >
        <option value="for">{words.snoozeFor}</option>
        <option value="until">{words.snoozeUntil}</option>
      </SelectField>
      {isUntil ? (
        <MomentField
          label={words.until}
          isLabelHidden={false}
          isTimed
          value={typeof until === 'string' ? until : ''}
          onChange={(next) => replace({ ...rest, until: next })}
          error={errors[1]}
        />
      ) : (
        <DurationField
          label={words.snoozeFor}
          isLabelHidden={false}
          value={typeof time === 'string' ? time : 'h'}
          onChange={(next) => replace({ ...rest, for: next })}
          error={errors[0]}
        />
      )}
    </div>
  );
}
