import { useQuery, useQueryClient } from '@tanstack/react-query';
import { MessageSquareText } from 'lucide-react';
import { Suspense, lazy, useState } from 'react';
import { api, ok } from '../../../api/client';
import { useEndless } from '../../../api/paging';
import type { Schemas } from '../../../api/types';
import { number } from '../../../format';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { Empty } from '../../../ui/empty';
import { SelectField, TextField } from '../../../ui/field';
import { saveFile } from '../../../ui/save-file';
import { toastError } from '../../../ui/toast';
import { useRested } from '../../../ui/use-rested';
import { AreaHead, Filters } from '../area-head';
import { areaText } from '../areas';
import { useFilter } from '../filter';
import { Listing } from '../listing';
import { SharedWith, VISIBILITIES, sharingText } from '../sharing';
import { cannedText } from './text';

const Import = lazy(() => import('./import'));

type Response = Schemas['CannedResponse'];

export const useCategories = () =>
  useQuery({
    queryKey: ['canned-responses', 'categories'],
    queryFn: ({ signal }) => ok(api.GET('/api/canned-responses/categories', { signal })),
  });

async function saveAll(): Promise<void> {
  const all = await ok(api.GET('/api/canned-responses/export'));
  saveFile(new Blob([`${JSON.stringify(all, null, 2)}\n`], { type: 'application/json' }), 'canned-responses.json');
}

export function ResponseList() {
  const words = useText(cannedText);
  const areas = useText(areaText);
  const sharing = useText(sharingText);
  const queries = useQueryClient();
  const [filter, setFilter] = useFilter();
  const [isImporting, setImporting] = useState(false);
  const { data: categories } = useCategories();
  const q = useRested(filter['q']?.trim() ?? '');
  const category = filter['category'];
  const visibility = VISIBILITIES.find((one) => one === filter['visibility']);
  const asked = {
    ...(q === '' ? {} : { q }),
    ...(category === undefined ? {} : { category }),
    ...(visibility === undefined ? {} : { visibility }),
  };
  const isFiltered = Object.keys(asked).length > 0;
  const list = useEndless<Response>(['canned-responses', asked], (cursor, signal) =>
    ok(api.GET('/api/canned-responses', { params: { query: { ...asked, cursor, limit: 100 } }, signal })),
  );
  return (
    <>
      <AreaHead area="canned-responses" about={words.about} newLabel={words.add}>
        <Button onClick={() => setImporting(true)}>{words.import}</Button>
        <Button onClick={() => void saveAll().catch(toastError)}>{words.export}</Button>
      </AreaHead>
      <Filters>
        <TextField
          label={words.find}
          type="search"
          value={filter['q'] ?? ''}
          onChange={(event) => setFilter({ q: event.target.value || undefined })}
        />
        <SelectField
          label={words.category}
          value={category ?? ''}
          onChange={(event) => setFilter({ category: event.target.value || undefined })}
        >
          <option value="">{words.anyCategory}</option>
          {categories?.items.map((one) => (
            <option key={one.category} value={one.category}>
              {one.category} ({number(one.count)})
            </option>
          ))}
        </SelectField>
        <SelectField
          label={sharing.visibility}
          value={visibility ?? ''}
          onChange={(event) => setFilter({ visibility: event.target.value || undefined })}
        >
          <option value="">{sharing.anybody}</option>
          {VISIBILITIES.map((one) => (
            <option key={one} value={one}>
              {sharing[one]}
            </option>
          ))}
        </SelectField>
      </Filters>
      <Listing
        area="canned-responses"
        label={areas['canned-responses']}
        list={list}
        idOf={(one) => one.id}
        nameTitle={words.title}
        name={(one) => one.title}
        columns={[
          {
            id: 'shortcut',
            title: words.shortcut,
            cell: ({ shortcut }) => shortcut !== null && <code>/{shortcut}</code>,
          },
          { id: 'category', title: words.category, cell: (one) => <span dir="auto">{one.category}</span> },
          { id: 'visibility', title: sharing.visibility, cell: (one) => <SharedWith thing={one} /> },
          { id: 'uses', title: words.uses, cell: (one) => number(one.uses), isNumber: true },
          { id: 'own', title: words.ownUses, cell: (one) => number(one.own_uses), isNumber: true },
        ]}
        empty={
          <Empty
            title={words.noneTitle}
            icon={<MessageSquareText size={22} />}
            action={
              isFiltered && (
                <Button onClick={() => setFilter({ q: undefined, category: undefined, visibility: undefined })}>
                  {words.clear}
                </Button>
              )
            }
          >
            {isFiltered ? words.noneFound : words.none}
          </Empty>
        }
      />
      <Suspense>
        {isImporting && (
          <Import
            onClose={(isTaken) => {
              setImporting(false);
              if (isTaken) void queries.invalidateQueries({ queryKey: ['canned-responses'] });
            }}
          />
        )}
      </Suspense>
    </>
  );
}
