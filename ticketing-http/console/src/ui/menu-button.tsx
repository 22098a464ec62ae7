import { Suspense, lazy, useRef, useState, type ComponentProps, type ComponentType, type RefObject } from 'react';
import type { MenuGroup } from './menu';

const load = () => import('./menu');
const Menu = lazy(load);

/** What an open list needs of its button. */
export interface Opened {
  label: string;
  triggerRef: RefObject<HTMLElement | null>;
  onClose: () => void;
}

interface Props extends Omit<ComponentProps<'button'>, 'ref'> {
  /** What it is a list of, for screen readers. */
  label: string;
  groups: readonly MenuGroup[];
}

/** A button that opens a list of things to do. The list's code is loaded when somebody is about to need it. */
export function MenuButton({ groups, ...rest }: Props) {
  return <MenuOpener {...rest} load={load} List={Menu} listProps={{ groups }} />;
}

interface OpenerProps<P> extends Omit<Props, 'groups'> {
  load: () => Promise<unknown>;
  /** The list, where what stands in it is loaded with it. */
  List: ComponentType<Opened & P>;
  listProps: P;
}

export function MenuOpener<P extends object>({ label, load, List, listProps, children, ...rest }: OpenerProps<P>) {
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
        {isOpen && <List {...listProps} label={label} triggerRef={button} onClose={() => setOpen(false)} />}
      </Suspense>
    </>
  );
}
