// Loaded before a program of ours (node --import): from when the file $FAILING_SYNC is there, no disk takes what is to be synced.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { fdatasync } = fs;
fs.fdatasync = (descriptor, done) => {
  if (!fs.existsSync(process.env['FAILING_SYNC'] ?? '')) return fdatasync(descriptor, done);
  const failure = Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO', syscall: 'fdatasync' });
  setImmediate(done, failure);
};
syncBuiltinESMExports();
