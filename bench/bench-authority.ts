import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { systemClock } from '#src/base/index.js';
import { openLocalCa } from '#src/security/index.js';

/** Files (PEM) of a server at 127.0.0.1, and of the authority that vouches for it. */
export interface BenchCertificate {
  readonly key: string;
  readonly certificate: string;
  readonly authority: string;
}

/** Made as the gateway makes its own: RSA of 2048 bits. */
export async function makeCertificate(folder: string): Promise<BenchCertificate> {
  const directory = path.join(folder, 'authority');
  await mkdir(directory, { mode: 0o700 });
  const ca = await openLocalCa({ directory, clock: systemClock });
  const made = await ca.issue({ names: [], addresses: ['127.0.0.1'], usage: 'server', days: 1 });
  const files = { key: path.join(directory, 'far.key'), certificate: path.join(directory, 'far.pem') };
  await writeFile(files.key, made.key);
  await chmod(files.key, 0o600);
  await writeFile(files.certificate, made.certificate);
  return { ...files, authority: path.join(directory, 'ca.pem') };
}
