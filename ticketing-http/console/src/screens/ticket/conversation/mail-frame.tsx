/** A mail's HTML, in a page of no origin that can reach nothing of the desk (see `frame.ts`). */
import { ImageOff } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { atBase } from '../../../api/base';
import type { FrameMessage, FrameReport } from '../../../frame';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { originalText } from './original-text';
import styles from './original.module.css';

/** A frame that says to be taller than this lies, or scrolls. */
const TALLEST = 20_000;

interface Props {
  title: string;
  html: string;
  /** Pictures that the mail brought along, as `data:`, by what it calls them. */
  images: Record<string, string>;
}

export function MailFrame({ title, html, images }: Props) {
  const words = useText(originalText);
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(160);
  const [isReady, setReady] = useState(false);
  const [showsImages, setShowsImages] = useState(false);
  // The frame says it: to read the mail here, the page's policy would be asked for every style in it.
  const [areHidden, setHidden] = useState(false);

  useEffect(() => {
    const hear = (event: MessageEvent<FrameReport>) => {
      if (event.source === null || event.source !== frame.current?.contentWindow) return;
      const report = event.data;
      if (report.type === 'ready') setReady(true);
      else if (report.type === 'pictures') setHidden(report.areHidden);
      else if (Number.isFinite(report.height)) setHeight(Math.min(Math.max(report.height, 64), TALLEST));
    };
    addEventListener('message', hear);
    return () => removeEventListener('message', hear);
  }, []);
  useEffect(() => {
    if (!isReady) return;
    // A page of no origin can't be named as the target.
    frame.current?.contentWindow?.postMessage({ type: 'mail', html, images } satisfies FrameMessage, '*');
  }, [isReady, html, images]);

  return (
    <>
      {areHidden && !showsImages && (
        <div className={styles.blocked}>
          <span title={words.blockedHint}>
            <ImageOff size={14} aria-hidden /> {words.blocked}
          </span>
          <Button
            size="small"
            title={words.blockedHint}
            onClick={() => {
              setReady(false);
              setShowsImages(true);
            }}
          >
            {words.showImages}
          </Button>
        </div>
      )}
      <iframe
        key={String(showsImages)}
        ref={frame}
        title={title}
        src={atBase(showsImages ? 'frame.html?images' : 'frame.html')}
        // A link opens as a page of its own, with an origin again; the frame itself never has one.
        sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        className={styles.frame}
        style={{ height }}
      />
    </>
  );
}
