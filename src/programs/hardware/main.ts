import { setPriority } from 'node:os';
import { readHardware } from './read-hardware.js';

/**
 * Tells the hardware as one line of JSON and ends. In a process of its own, because what it needs for that is large, runs
 * other programs, and is needed once. It is given nothing, so nobody's data reaches a command line.
 */
setPriority(10);
process.stdout.write(`${JSON.stringify(await readHardware())}\n`, () => process.exit(0));
