/** What was there last, also once it has gone. */
import { useState } from 'react';

export function useLast<T extends string | number>(value: T | undefined): T | undefined {
  const [last, setLast] = useState(value);
  if (value !== undefined && value !== last) setLast(value);
  return value ?? last;
}
