import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

interface Part {
  readonly name: string;
  /** Arguments of node, from the repository's root. */
  readonly command: readonly string[];
}

interface Outcome {
  readonly passed: boolean;
  readonly output: string;
}

const source = ['--conditions=postern-source', '--import', 'tsx'];
const parts: readonly Part[] = [
  { name: 'types', command: ['node_modules/typescript/bin/tsc', '--project', 'test/tsconfig.json', '--noEmit'] },
  { name: 'lint', command: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'] },
  { name: 'boundaries', command: [...source, 'test/house/check-boundaries.ts'] },
  { name: 'unused code', command: ['node_modules/knip/bin/knip.js'] },
  { name: 'docs drift', command: [...source, 'test/house/docs.ts'] },
];

/** `npm run check`: every part runs, each says in one line how it went; what a failed one printed follows it. */
let failed = 0;
for (const { name, command } of parts) {
  const { passed, output } = await run(command);
  process.stdout.write(passed ? `ok      ${name}\n` : `FAILED  ${name}\n${output.trimEnd()}\n`);
  if (!passed) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;

function run(command: readonly string[]): Promise<Outcome> {
  const child = spawn(process.execPath, command, {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ passed: code === 0, output: Buffer.concat(output).toString('utf8') }));
  });
}
