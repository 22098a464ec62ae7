import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { FileSearch } from 'lucide-react';
import { useState, type SyntheticEvent } from 'react';
import { api, ok } from '../../../api/client';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { SelectField, TextArea, TextField } from '../../../ui/field';
import { errorAt } from '../../../ui/field-text';
import { Fields, Stack } from '../../../ui/section';
import { reason } from '../../../ui/toast';
import { useOnce } from '../../../ui/use-once';
import { AreaHead } from '../area-head';
import { columnsOf } from './columns';
import { IMPORT_KINDS, type ImportKind } from './data';
import styles from './imports.module.css';
import { importText } from './text';

/** Brings a table, which is looked through before anything goes in. */
export function NewImport() {
  const words = useText(importText);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const once = useOnce();
  const [kind, setKind] = useState<ImportKind>('tickets');
  const [file, setFile] = useState<File>();
  const [columns, setColumns] = useState('');
  const [isEmpty, setEmpty] = useState(false);
  const map = columnsOf(columns);
  const bring = useMutation({
    mutationFn: (table: File) =>
      once({ kind, map, name: table.name, size: table.size, at: table.lastModified }, (header) =>
        ok(
          api.POST('/api/imports', {
            params: {
              query: { kind, dry_run: true, name: table.name, ...(map === '' ? {} : { map }) },
              header,
            },
            headers: { 'Content-Type': 'text/csv' },
            body: '',
            bodySerializer: () => table,
          }),
        ),
      ),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ['imports'] });
      await navigate({ to: '/admin/$area/$id', params: { area: 'imports', id } });
    },
  });
  const error = (name: string) => errorAt(bring.error, name);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setEmpty(file === undefined);
    if (file !== undefined && map !== undefined) bring.mutate(file);
  };
  const isElsewhere = bring.isError && ['body', 'map', 'name'].every((name) => error(name) === undefined);
  return (
    <>
      <AreaHead area="imports" title={words.fresh} about={words.freshAbout} />
      <form onSubmit={submit}>
        <Stack>
          <Fields>
            <SelectField
              label={words.kind}
              value={kind}
              hint={words.must[kind]}
              onChange={(event) => setKind(IMPORT_KINDS.find((one) => one === event.target.value) ?? 'tickets')}
            >
              {IMPORT_KINDS.map((one) => (
                <option key={one} value={one}>
                  {words.kinds[one]}
                </option>
              ))}
            </SelectField>
            <TextField
              label={words.file}
              type="file"
              accept=".csv,.tsv,text/csv,text/tab-separated-values"
              hint={words.fileHint}
              error={isEmpty ? words.noFile : (error('body') ?? error('name'))}
              onChange={(event) => {
                setFile(event.target.files?.[0]);
                setEmpty(false);
              }}
            />
          </Fields>
          <TextArea
            label={words.columns}
            hint={words.columnsHint}
            rows={4}
            dir="ltr"
            spellCheck={false}
            placeholder={'Ticket no. = external_id\nTitle = subject'}
            value={columns}
            error={map === undefined ? words.columnsWrong : error('map')}
            onChange={(event) => setColumns(event.target.value)}
          />
          {isElsewhere && (
            <p role="alert" className={styles.failure}>
              {reason(bring.error)}
            </p>
          )}
          <div>
            <Button kind="primary" type="submit" icon={<FileSearch size={16} />} busy={bring.isPending}>
              {words.look}
            </Button>
          </div>
        </Stack>
      </form>
    </>
  );
}
