/** Asks how a list is to be called that becomes a view, and who is to see it. */
import { useId, useState } from 'react';
import { api, ok } from '../../api/client';
import type { Schemas } from '../../api/types';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { TextField } from '../../ui/field';
import { fieldText } from '../../ui/field-words';
import { useOnce } from '../../ui/use-once';
import { useSubmit } from '../../ui/use-submit';
import type { SavedView } from '../queue/views';
import type { Rights } from '../../ui/sharing-rights';
import styles from './views.module.css';
import { viewText } from './text';
import { Who, type Shared } from './who';

interface Props {
  says: Pick<Schemas['NewView'], 'conditions' | 'match' | 'sort' | 'columns'>;
  rights: Rights;
  onSaved: (view: SavedView) => void;
  onClose: () => void;
}

export function SaveAs({ says, rights, onSaved, onClose }: Props) {
  const words = useText(viewText);
  const faults = useText(fieldText);
  const formId = useId();
  const once = useOnce();
  const [name, setName] = useState('');
  const [shared, setShared] = useState<Shared>({ visibility: 'private', team_id: null });
  const { form, onSubmit, isBusy, errors, rest } = useSubmit({
    fields: ['name', 'visibility', 'team_id'],
    check: (): Record<string, string> => ({
      ...(name.trim() === '' ? { name: faults.required } : {}),
      ...(shared.visibility === 'team' && shared.team_id === null ? { team_id: words.chooseTeam } : {}),
    }),
    work: async () => {
      const body = { ...says, ...shared, name: name.trim() };
      onSaved(await once(body, (header) => ok(api.POST('/api/views', { params: { header }, body }))));
      onClose();
    },
  });
  return (
    <Dialog
      title={words.saveAs}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" type="submit" form={formId} busy={isBusy}>
            {words.save}
          </Button>
        </>
      }
    >
      <form id={formId} ref={form} className={styles.form} noValidate onSubmit={onSubmit}>
        <TextField
          label={words.name}
          autoFocus
          maxLength={100}
          autoComplete="off"
          value={name}
          error={errors['name']}
          onChange={(event) => setName(event.target.value)}
        />
        <Who
          shared={shared}
          rights={rights}
          errors={{ visibility: errors['visibility'], team_id: errors['team_id'] }}
          onChange={setShared}
        />
        <p role="alert" className={styles.failure}>
          {rest}
        </p>
      </form>
    </Dialog>
  );
}
