/** Keeps how one looks at a list: in the view itself, where one may change it, or as another one. */
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { api, ifVersion, ok } from '../../api/client';
import { useCustomFields } from '../../api/custom-fields';
import { Problem } from '../../api/problem';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { toast, toastError } from '../../ui/toast';
import { withFiltersOf } from '../views/from-filters';
import { keepView } from '../views/kept';
import { useRights } from '../../ui/sharing-rights';
import { SaveAs } from '../views/save-as';
import { viewText } from '../views/text';
import { sortOf, type View } from './view';
import { VIEWS, refOf, useViewName, type SavedView } from './views';

const EVERYTHING = { conditions: [], match: 'all' } as const;

export function Keep({ view, saved }: { view: View; saved: SavedView | undefined }) {
  const words = useText(viewText);
  const nameOf = useViewName();
  const [isBusy, setBusy] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const rights = useRights(isOpen || saved?.visibility === 'team');
  const custom = useCustomFields();
  const queries = useQueryClient();
  const router = useRouter();
  const asked = withFiltersOf(saved ?? { ...EVERYTHING, conditions: [] }, view.filters, custom);
  const show = async (kept: SavedView, isOther: boolean) => {
    keepView(queries, kept);
    toast(words.savedView(nameOf(kept)));
    await router.navigate({ to: '/', search: { view: refOf(kept) }, replace: !isOther });
  };
  const saveChanges = async ({ id, version }: SavedView) => {
    setBusy(true);
    try {
      const body = {
        ...(Object.keys(view.filters).length === 0 ? {} : asked),
        ...(view.sort === undefined ? {} : { sort: view.sort }),
        ...(view.columns === undefined ? {} : { columns: [...view.columns] }),
      };
      const params = { path: { id }, header: ifVersion(version) };
      await show(await ok(api.PATCH('/api/views/{id}', { params, body })), false);
    } catch (error) {
      if (error instanceof Problem && error.isStale) {
        void queries.invalidateQueries({ queryKey: VIEWS });
        toastError(new Error(words.stale));
      } else toastError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      {saved !== undefined && !saved.is_broken && rights.mayChange(saved) && (
        <Button size="small" kind="quiet" busy={isBusy} onClick={() => void saveChanges(saved)}>
          {words.saveChanges}
        </Button>
      )}
      {saved?.is_broken !== true && (
        <Button size="small" kind="quiet" aria-haspopup="dialog" onClick={() => setOpen(true)}>
          {words.saveAs}
        </Button>
      )}
      {isOpen && (
        <SaveAs
          says={{ ...asked, sort: sortOf(view, saved), columns: [...(view.columns ?? saved?.columns ?? [])] }}
          rights={rights}
          onSaved={(kept) => void show(kept, true)}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
