import { setFlagsFromString } from 'node:v8';

/**
 * Imported before everything else: what is loaded would make the room for new objects grow, up to 16 MiB a half, and it would stay. It keeps the 1 MiB that
 * it begins with. Unlike an option of the command line this holds for everybody who starts us.
 * @see docs/decisions/0015-memory-is-given-back-before-work-is-refused.md
 */
setFlagsFromString('--semi-space-growth-factor=1');
