import { api, ok } from '../../api/client';
import type { Schemas } from '../../api/types';
import { useText } from '../../text';
import { FileImport } from '../../ui/file-import';
import { importText } from './text';

/** Takes rules in from a file. */
export default function Import({ onClose }: { onClose: (isTaken: boolean) => void }) {
  const words = useText(importText);
  return (
    <FileImport
      words={words}
      name="workflows"
      send={(workflows: Schemas['WorkflowImport']['workflows'], header) =>
        ok(
          api.POST('/api/workflows/import', {
            params: { header: header ?? {} },
            body: { workflows, dry_run: header === undefined },
          }),
        )
      }
      nameOf={(rule) => rule.name}
      onClose={onClose}
    />
  );
}
