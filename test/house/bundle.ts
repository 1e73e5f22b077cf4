import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeBundle } from './make-bundle.js';

/** `npm run bundle -- [folder]`: the programs in few files, for those who ship them; `dist/bundle` unless a folder is named. */
const folder = path.resolve(process.argv[2] ?? fileURLToPath(new URL('../../dist/bundle', import.meta.url)));
const needed = await makeBundle(folder);
process.stdout.write(`${folder}: run \`npm install --omit=dev\` there for ${needed.join(', ')}\n`);
