import { fileURLToPath } from 'node:url';
import { boundaryFailures, checkBoundaries } from './boundaries.js';

const report = await checkBoundaries(fileURLToPath(new URL('../..', import.meta.url)));
const failures = boundaryFailures(report);
for (const failure of failures) process.stderr.write(`${failure}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
