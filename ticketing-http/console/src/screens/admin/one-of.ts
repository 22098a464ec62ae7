/** One of the values that there are, whatever stands in the address. */
export function oneOf<T extends string>(value: string | undefined, values: readonly T[]): T | undefined {
  return values.find((one) => one === value);
}
