/** How many tickets there are in each queue, as far as one looks: more than a thousand are "1000+". */
export function useQueueCounts(): Partial<Record<string, string>> {
  return {};
}
