// Packs what the server is to send, so that no request has to wait for that.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const texts = /\.(css|html|js|json|map|svg|txt)$/;
const worthIt = 1024;

for (const entry of readdirSync('dist/page', { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !texts.test(entry.name)) continue;
  const path = join(entry.parentPath, entry.name);
  const plain = readFileSync(path);
  // The page itself is written anew for every request: the server puts its base into it.
  if (plain.length < worthIt || entry.name.endsWith('.html')) continue;
  writeFileSync(
    `${path}.br`,
    brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } }),
  );
  writeFileSync(`${path}.gz`, gzipSync(plain, { level: 9 }));
}
