import { toast } from '../../../ui/toast';

/** Copies a text. Pages that are not served securely may not: then it is said that it did not work. */
export async function copy(text: string, done: string, failed: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(done);
  } catch {
    toast(failed, { tone: 'error' });
  }
}
