import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Guard, guards } from './guard-list.js';

/**
 * `npm run guards [WORD]`: in a copy of the sources takes each guard away, alone, and demands that its test fails. A guard whose test
 * stays green, or whose text is not there exactly once, makes it leave with 1; so does a test that fails with every guard in place.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const [word = ''] = process.argv.slice(2);
const chosen = guards.filter(({ against, file }) => against.includes(word) || file.includes(word));
if (chosen.length === 0) {
  process.stderr.write(`no guard is against anything called ${word}, nor stands in such a file: test/house/guard-list.ts has them\n`);
  process.exit(1);
}
const copy = mkdtempSync(path.join(tmpdir(), 'postern-guards-'));
let missed = 0;
try {
  prepare();
  const sound = await failures([...new Set(chosen.map(({ proof }) => proof))]);
  if (sound !== 0) report(`${sound ?? 'no'} tests fail with every guard in place`, false);
  for (const guard of chosen) report(guard.against, await isMissed(guard));
} finally {
  rmSync(copy, { recursive: true });
}
process.stdout.write(`${chosen.length - missed} of ${chosen.length} guards cannot go without a test that fails\n`);
process.exitCode = missed === 0 ? 0 : 1;

function report(what: string, ok: boolean): void {
  if (!ok) missed++;
  process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${what}\n`);
}

function prepare(): void {
  for (const part of ['src', 'adapters', 'bench', 'test', 'config', 'package.json', 'tsconfig.json'])
    cpSync(path.join(root, part), path.join(copy, part), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  // Without its build: most of these tests run the sources, and for the others we build.
  const config = "import base from './vitest.config.js';\nbase.test.globalSetup = [];\nexport default base;\n";
  writeFileSync(path.join(copy, 'test/vitest.guards.config.ts'), config);
}

/** Whether the test fails without the guard; as it was afterwards. */
async function isMissed({ file, text, without, proof }: Guard): Promise<boolean> {
  const place = path.join(copy, file);
  const source = readFileSync(place, 'utf8');
  if (source.split(text).length !== 2) return false;
  writeFileSync(
    place,
    source.replace(text, () => without),
  );
  try {
    return ((await failures([proof])) ?? 0) > 0;
  } finally {
    writeFileSync(place, source);
  }
}

/** How many tests of these files fail; undefined where they did not even start. */
function failures(proofs: readonly string[]): Promise<number | undefined> {
  const isBuilt = proofs.some((proof) => proof.startsWith('e2e/'));
  if (isBuilt) build();
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  const files = proofs.map((proof) => path.join('test', proof));
  const args = [
    vitest,
    'run',
    '--config',
    'test/vitest.guards.config.ts',
    '--reporter=json',
    '--outputFile=report.json',
    `--testTimeout=${isBuilt ? 60_000 : 5_000}`,
    ...files,
  ];
  const result = path.join(copy, 'report.json');
  rmSync(result, { force: true });
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: copy, timeout: isBuilt ? 600_000 : 120_000, maxBuffer: 64 * 1024 * 1024 }, () => {
      try {
        const { numTotalTests = 0, numFailedTests = 0, numFailedTestSuites = 0 } = JSON.parse(readFileSync(result, 'utf8'));
        // A hook that fails leaves its tests out.
        resolve(numTotalTests > 0 ? Math.max(numFailedTests, Math.min(1, numFailedTestSuites)) : undefined);
      } catch {
        resolve(undefined); // it wrote no report: nothing was shown
      }
    });
  });
}

/** What the types say of a missing guard is not asked. */
function build(): void {
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  spawnSync(process.execPath, [tsc, '--project', 'tsconfig.json'], { cwd: copy, stdio: 'ignore' });
}
