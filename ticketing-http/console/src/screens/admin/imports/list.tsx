import { FileUp } from 'lucide-react';
import { number } from '../../../format';
import { useText } from '../../../text';
import { Chip } from '../../../ui/chip';
import { Empty } from '../../../ui/empty';
import { Ago } from '../../../ui/time';
import { AreaHead } from '../area-head';
import { areaText } from '../areas';
import { Listing } from '../listing';
import { useImports, type Import } from './data';
import { importText } from './text';

const TONES = {
  waiting: 'idle',
  running: 'wait',
  done: 'ok',
  refused: 'bad',
  failed: 'bad',
  cancelled: 'off',
} as const;

/** How far it is, and whether that was only a look. */
export function ImportChip({ one }: { one: Import }) {
  const words = useText(importText);
  const isLooked = one.dry_run && one.state === 'done';
  const tone = isLooked && one.wrong_rows > 0 ? 'warn' : TONES[one.state];
  return <Chip tone={tone}>{isLooked ? words.looked : words.states[one.state]}</Chip>;
}

export function List() {
  const words = useText(importText);
  const areas = useText(areaText);
  const imports = useImports();
  return (
    <>
      <AreaHead area="imports" about={words.about} newLabel={words.fresh} />
      <Listing
        area="imports"
        label={areas.imports}
        list={imports}
        idOf={(one) => one.id}
        nameTitle={words.name}
        name={(one) => one.name}
        belowName={(one) => words.kinds[one.kind]}
        columns={[
          { id: 'state', title: words.state, isNarrow: true, cell: (one) => <ImportChip one={one} /> },
          {
            id: 'rows',
            title: words.rows,
            isNumber: true,
            isNarrow: true,
            cell: (one) => one.rows !== null && number(one.rows),
          },
          { id: 'made', title: words.made, isNumber: true, isNarrow: true, cell: (one) => number(one.made) },
          { id: 'wrong', title: words.wrong, isNumber: true, isNarrow: true, cell: (one) => number(one.wrong_rows) },
          { id: 'at', title: words.at, isNarrow: true, cell: (one) => <Ago at={one.created_at} /> },
        ]}
        empty={
          <Empty title={words.none} icon={<FileUp size={22} />}>
            {words.noneAbout}
          </Empty>
        }
      />
    </>
  );
}
