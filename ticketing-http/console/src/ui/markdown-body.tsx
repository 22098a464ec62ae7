import { createContext, useContext, type ReactNode } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkBreaks from 'remark-breaks';
import remarkGfm from 'remark-gfm';
import { safeAddress } from './address';
import { mentions } from './mentions';
import styles from './markdown.module.css';

const InLink = createContext(false);

/** A link to elsewhere; where it may not lead there, or within another such as of a picture, its words alone. */
function Out({ href, children }: { href?: string | undefined; children?: ReactNode }) {
  const isInLink = useContext(InLink);
  const address = safeAddress(href);
  if (isInLink || address === undefined) return <>{children}</>;
  return (
    <a href={address} target="_blank" rel="noopener noreferrer nofollow">
      <InLink value>{children}</InLink>
    </a>
  );
}

const components: Components = {
  a: ({ href, children }) => <Out href={href}>{children}</Out>,
  // A picture of elsewhere tells its owner who looks: it is a link.
  img: ({ src, alt }) => <Out href={typeof src === 'string' ? src : undefined}>{alt === '' ? src : alt}</Out>,
  // A message is no document: its headings are no headings of the page.
  h1: Heading,
  h2: Heading,
  h3: Heading,
  h4: Heading,
  h5: Heading,
  h6: Heading,
  table: ({ children }) => (
    <div className={styles.wide} tabIndex={0} role="group">
      <table>{children}</table>
    </div>
  ),
  pre: ({ children }) => (
    <pre tabIndex={0} dir="ltr">
      {children}
    </pre>
  ),
  input: ({ checked }) => <span aria-hidden>{checked === true ? '☑ ' : '☐ '}</span>,
};

function Heading({ children }: { children?: ReactNode }) {
  return (
    <p>
      <strong>{children}</strong>
    </p>
  );
}

const plugins = [remarkGfm, remarkBreaks, mentions];

export default function Body({ children }: { children: string }) {
  return (
    <ReactMarkdown remarkPlugins={plugins} components={components} urlTransform={(url) => url} skipHtml={false}>
      {children}
    </ReactMarkdown>
  );
}
