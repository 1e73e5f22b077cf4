import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { tallyTests } from './test-tally.js';

/**
 * `tally.ts REPORT EXIT-CODE`, for .ci/run: prints how many tests passed and failed, as two numbers, and after them the files that
 * failed; to stderr a line for each failed test, so that they can stand where somebody sees them.
 */
const [report = '', exitCode = '1'] = process.argv.slice(2);
const text = existsSync(report) ? readFileSync(report, 'utf8') : '';
const { passed, failed, failures } = tallyTests(text === '' ? undefined : JSON.parse(text), Number(exitCode));
const fileOf = (name: string) => name.slice(Math.max(0, name.lastIndexOf(`${path.sep}test${path.sep}`) + 1));
for (const { file, test, why } of failures) process.stderr.write(`${fileOf(file)} > ${test}: ${why}\n`);
process.stdout.write(`${[passed, failed, ...new Set(failures.map(({ file }) => fileOf(file)))].join(' ')}\n`);
