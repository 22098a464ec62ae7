import { TextCursorInput } from 'lucide-react';
import { useText } from '../../../text';
import { Empty } from '../../../ui/empty';
import { areaText } from '../areas';
import { useCustomFields } from '../data';
import { AreaHead } from '../area-head';
import { Listing } from '../listing';
import { Chip } from '../../../ui/chip';
import { whole } from '../../../api/paging';
import { adminText } from '../text';
import { fieldText } from './text';

export function FieldList() {
  const words = useText(fieldText);
  const admin = useText(adminText);
  const areas = useText(areaText);
  const list = whole(useCustomFields());
  return (
    <>
      <AreaHead area="custom-fields" about={words.about} newLabel={words.add} />
      <Listing
        area="custom-fields"
        label={areas['custom-fields']}
        list={list}
        idOf={(one) => one.id}
        nameTitle={words.label}
        name={(field) => field.label}
        isFaint={(field) => !field.is_active}
        columns={[
          { id: 'key', title: words.key, cell: (field) => <code>{field.key}</code> },
          { id: 'type', title: words.type, cell: (field) => words.types[field.field_type] },
          { id: 'required', title: words.required, cell: (field) => words.requiredWhen[field.required] },
          { id: 'visible', title: words.visible, cell: (field) => (field.visible_to_customer ? words.yes : words.no) },
          { id: 'position', title: words.position, cell: (field) => field.position, isNumber: true },
          { id: 'state', title: words.state, cell: (field) => !field.is_active && <Chip>{admin.inactive}</Chip> },
        ]}
        empty={
          <Empty title={words.noneTitle} icon={<TextCursorInput size={22} />}>
            {words.none}
          </Empty>
        }
      />
    </>
  );
}
