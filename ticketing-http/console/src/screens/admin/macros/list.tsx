import { Zap } from 'lucide-react';
import { whole } from '../../../api/paging';
import { useText } from '../../../text';
import { Chip } from '../../../ui/chip';
import { Empty } from '../../../ui/empty';
import { useMacros } from '../../ticket/replies/data';
import { useSpeech } from '../../workflows/data';
import { actionWords } from '../../workflows/model/describe';
import { AreaHead } from '../area-head';
import { areaText } from '../areas';
import { Listing } from '../listing';
import { SharedWith, sharingText } from '../sharing';
import { macroText } from './text';

const NO_RULES: never[] = [];

export function MacroList() {
  const words = useText(macroText);
  const areas = useText(areaText);
  const sharing = useText(sharingText);
  const speech = useSpeech(NO_RULES);
  const list = whole(useMacros());
  return (
    <>
      <AreaHead area="macros" about={words.about} newLabel={words.add} />
      <Listing
        area="macros"
        label={areas.macros}
        list={list}
        idOf={(one) => one.id}
        nameTitle={words.name}
        name={(one) => one.name}
        columns={[
          {
            id: 'shortcut',
            title: words.shortcut,
            cell: ({ shortcut }) => shortcut !== null && <code>/{shortcut}</code>,
          },
          {
            id: 'does',
            title: words.does,
            cell: ({ actions }) => (
              <span dir="auto">
                {actions.map((one) => actionWords(one as Parameters<typeof actionWords>[0], speech)).join(', ')}
              </span>
            ),
          },
          { id: 'visibility', title: sharing.visibility, cell: (one) => <SharedWith thing={one} /> },
          { id: 'position', title: words.position, cell: (one) => one.position, isNumber: true },
          {
            id: 'state',
            title: words.broken,
            cell: ({ problems }) => problems.length > 0 && <Chip tone="bad">{words.broken}</Chip>,
          },
        ]}
        empty={
          <Empty title={words.noneTitle} icon={<Zap size={22} />}>
            {words.none}
          </Empty>
        }
      />
    </>
  );
}
