import { existsSync, readFileSync } from 'node:fs';
import { tallyTests } from './test-tally.js';

/** `tally.ts REPORT EXIT-CODE`: prints how many tests passed and failed, as two numbers. For .ci/run. */
const [report = '', exitCode = '1'] = process.argv.slice(2);
const text = existsSync(report) ? readFileSync(report, 'utf8') : '';
const { passed, failed } = tallyTests(text === '' ? undefined : JSON.parse(text), Number(exitCode));
process.stdout.write(`${passed} ${failed}\n`);
