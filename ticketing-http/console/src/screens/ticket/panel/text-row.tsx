import { useRef, useState, type ReactNode } from 'react';
import { Problem } from '../../../api/problem';
import type { Ticket } from '../../../api/types';
import { reason } from '../../../ui/toast';
import { useChangeTicket, type Change } from '../use-change-ticket';
import { EditableRow } from './row';
import { TextControl } from './text-control';

interface Props {
  ticket: Ticket;
  label: string;
  /** The field's name in what the server says is wrong. */
  field: string;
  value: string;
  type?: 'text' | 'number' | 'date' | 'textarea';
  suggestions?: readonly string[];
  maxLength?: number;
  toChange: (typed: string) => Change;
  children: ReactNode;
}

/** A row whose value is typed. What was refused stands there again as it was typed, with the reason. */
export function TextRow({ ticket, label, field, value, type, suggestions, maxLength, toChange, children }: Props) {
  const change = useChangeTicket(ticket);
  const [refused, setRefused] = useState<{ typed: string; error: string }>();
  // What one looked at when one began: others may change it while one types.
  const base = useRef<Ticket>(undefined);
  return (
    <EditableRow
      label={label}
      isHeldOpen={refused !== undefined}
      control={(close) => {
        base.current ??= ticket;
        const end = () => {
          base.current = undefined;
          setRefused(undefined);
          close();
        };
        return (
          <TextControl
            key={refused === undefined ? 'value' : 'refused'}
            label={label}
            value={refused?.typed ?? value}
            error={refused?.error}
            {...(type === undefined ? {} : { type })}
            {...(suggestions === undefined ? {} : { suggestions })}
            {...(maxLength === undefined ? {} : { maxLength })}
            onCancel={end}
            onKeep={(typed) => {
              const from = base.current ?? ticket;
              end();
              void change(toChange(typed.trim()), {
                base: from,
                onRefused: (error) => {
                  const own = error instanceof Problem ? error.field(field) : undefined;
                  setRefused({ typed, error: own ?? reason(error) });
                },
              });
            }}
          />
        );
      }}
    >
      {children}
    </EditableRow>
  );
}
