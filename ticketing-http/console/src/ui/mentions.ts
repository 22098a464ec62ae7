/** `@kim@desk.example` in a text is somebody's name, not a link to their mailbox. */

interface Node {
  type: string;
  value?: string;
  url?: string;
  children?: Node[];
}

/** For remark, behind GFM: it has made a link of the address by then. */
export function mentions() {
  return (tree: unknown) => walk(tree as Node);
}

function walk(node: Node): void {
  const children = node.children;
  if (children === undefined) return;
  for (const [at, child] of children.entries()) {
    const before = children[at - 1];
    const words = child.children?.[0]?.value;
    const isMailbox = child.type === 'link' && words !== undefined && child.url === `mailto:${words}`;
    if (isMailbox && before?.type === 'text' && /(^|[\s(])@$/.test(before.value ?? '')) {
      before.value = before.value?.slice(0, -1) ?? '';
      children[at] = { type: 'strong', children: [{ type: 'text', value: `@${words}` }] };
    } else walk(child);
  }
}
