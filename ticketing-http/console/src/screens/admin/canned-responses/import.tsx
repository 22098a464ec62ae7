import { api, ok } from '../../../api/client';
import type { Schemas } from '../../../api/types';
import { useText } from '../../../text';
import { FileImport } from '../../../ui/file-import';
import { cannedText } from './text';

export default function Import({ onClose }: { onClose: (isTaken: boolean) => void }) {
  const words = useText(cannedText).file;
  return (
    <FileImport
      words={words}
      name="canned_responses"
      send={(list: Schemas['CannedResponseImport']['canned_responses'], header) =>
        ok(
          api.POST('/api/canned-responses/import', {
            params: { header: header ?? {} },
            body: { canned_responses: list, dry_run: header === undefined },
          }),
        )
      }
      nameOf={(one) => one.title}
      onClose={onClose}
    />
  );
}
