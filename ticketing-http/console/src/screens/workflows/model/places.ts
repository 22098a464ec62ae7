/** Where in a JSON text a value stands that is named as the server does, such as `actions[0].params.to`. */

/** The names and numbers of a place: `a.b[0]` is `['a', 'b', 0]`. */
export function stepsOf(place: string): (string | number)[] {
  return [...place.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) =>
    index === undefined ? (name ?? '') : Number(index),
  );
}

/** Begin and end of the value, or of the last thing on the way to it that is there; undefined for no JSON. */
export function find(text: string, place: string): { start: number; end: number } | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  let at = 0;
  const space = () => {
    while (/\s/.test(text[at] ?? '')) at += 1;
  };
  const string = () => {
    const start = at;
    at += 1;
    while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    at += 1;
    return JSON.parse(text.slice(start, at)) as string;
  };
  /** Reads one value; answers where the place stands in it, where that is below it. */
  const value = (steps: readonly (string | number)[] | undefined): { start: number; end: number } | undefined => {
    space();
    const start = at;
    let found: { start: number; end: number } | undefined;
    const rest = (name: string | number) => (steps?.[0] === name ? steps.slice(1) : undefined);
    if (text[at] === '"') string();
    else if (text[at] === '{' || text[at] === '[') {
      const isList = text[at] === '[';
      at += 1;
      space();
      for (let n = 0; text[at] !== '}' && text[at] !== ']'; n += 1) {
        space();
        let name: string | number = n;
        if (!isList) {
          name = string();
          space();
          at += 1;
        }
        found = value(rest(name)) ?? found;
        space();
        if (text[at] === ',') at += 1;
        space();
      }
      at += 1;
    } else while (/[^\s,\]}]/.test(text[at] ?? ' ')) at += 1;
    return steps === undefined ? undefined : (found ?? { start, end: at });
  };
  return value(stepsOf(place));
}
