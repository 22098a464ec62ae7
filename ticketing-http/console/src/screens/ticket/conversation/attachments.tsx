/** Files of a message: pictures as such, once one sees their place; all else by name and size. */
import { useQuery } from '@tanstack/react-query';
import { Download, File as FileIcon } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { download } from '../../../api/client';
import type { Schemas } from '../../../api/types';
import { useFormat } from '../../../format';
import { useText } from '../../../text';
import { toastError } from '../../../ui/toast';
import styles from './attachments.module.css';
import { conversationText } from './text';

type Attachment = Schemas['Attachment'];

/** What a browser shows and nothing runs in. */
const PICTURES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
/** A larger picture is not loaded unasked. */
const THUMBNAIL_BYTES = 5_000_000;

export const fileOf = (id: string) => download(`api/attachments/${id}`);

/** Saves a file as its sender called it. */
async function save(file: Attachment): Promise<void> {
  try {
    const address = URL.createObjectURL(await fileOf(file.id));
    const link = document.createElement('a');
    link.href = address;
    link.download = file.filename;
    link.click();
    // The browser reads it after this.
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  } catch (error) {
    toastError(error);
  }
}

export function Attachments({ files }: { files: readonly Attachment[] }) {
  const words = useText(conversationText);
  if (files.length === 0) return null;
  return (
    <ul className={styles.grid} aria-label={words.files}>
      {files.map((file) => (
        <li key={file.id}>
          <One file={file} />
        </li>
      ))}
    </ul>
  );
}

function One({ file }: { file: Attachment }) {
  const words = useText(conversationText);
  const format = useFormat();
  const [isBusy, setBusy] = useState(false);
  const size = format.bytes(file.size);
  const isPicture = PICTURES.has(file.content_type) && file.size <= THUMBNAIL_BYTES;
  return (
    <button
      type="button"
      className={isPicture ? styles.picture : styles.file}
      aria-label={words.download(file.filename, size)}
      aria-busy={isBusy || undefined}
      title={file.filename}
      onClick={() => {
        setBusy(true);
        void save(file).finally(() => setBusy(false));
      }}
    >
      {isPicture ? <Picture file={file} /> : <FileIcon size={18} />}
      <span className={styles.about}>
        <span className={styles.name} dir="auto">
          {file.filename}
        </span>
        <span className={styles.size}>{size}</span>
      </span>
      <Download size={14} className={styles.get} />
    </button>
  );
}

function Picture({ file }: { file: Attachment }) {
  const place = useRef<HTMLSpanElement>(null);
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const watch = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        setSeen(true);
        watch.disconnect();
      },
      { rootMargin: '200px' },
    );
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const { data: blob } = useQuery({
    queryKey: ['attachments', file.id],
    queryFn: () => fileOf(file.id),
    enabled: isSeen,
    staleTime: Infinity,
    gcTime: 60_000,
  });
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (blob === undefined) return;
    // The bytes are shown as the picture they say to be, whatever type they came as.
    const url = URL.createObjectURL(blob.slice(0, blob.size, file.content_type));
    // An address of the browser's own, which ends with this effect.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    setAddress(url);
    return () => URL.revokeObjectURL(url);
  }, [blob, file.content_type]);
  return (
    <span ref={place} className={styles.thumb}>
      {address !== undefined && <img src={address} alt="" />}
    </span>
  );
}
