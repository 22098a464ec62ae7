import { Suspense, lazy, useRef, useState, type ComponentProps } from 'react';
import type { MenuGroup } from './menu';

const load = () => import('./menu');
const Menu = lazy(load);

interface Props extends Omit<ComponentProps<'button'>, 'ref'> {
  /** What it is a list of, for screen readers. */
  label: string;
  groups: readonly MenuGroup[];
}

/** A button that opens a list of things to do. The list's code is loaded when somebody is about to need it. */
export function MenuButton({ label, groups, children, ...rest }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        {...rest}
        ref={button}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setOpen(true)}
        onPointerEnter={() => void load()}
        onFocus={() => void load()}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        {children}
      </button>
      <Suspense>
        {isOpen && <Menu label={label} groups={groups} triggerRef={button} onClose={() => setOpen(false)} />}
      </Suspense>
    </>
  );
}
