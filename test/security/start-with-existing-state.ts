import { createRequire } from 'node:module';
import { systemClock } from '#src/base/index.js';
import { serverCredentials } from '#src/security/index.js';

/** Starts as a gateway does whose certificates exist; prints whether that has loaded node-forge. */
await serverCredentials({ directory: String(process.argv[2]), names: ['localhost'], clock: systemClock });
const loaded = Object.keys(createRequire(import.meta.url).cache).some((file) => file.includes('node-forge'));
process.stdout.write(loaded ? 'forge' : 'no forge');
