/** Runs mDNS as a process without rights: what it notices leaves as lines of JSON, and it says goodbye when its input ends. */
import { once } from 'node:events';
import { silentLog, systemClock, systemEntropy } from '#src/base/index.js';
import { openMdns } from '#src/discovery/index.js';

const [device = '', types = '', name = ''] = process.argv.slice(2);
const tell = (entry: object) => process.stdout.write(`${JSON.stringify(entry)}\n`);

const mdns = await openMdns({
  interfaces: [device],
  types: types.split(','),
  every: 60_000,
  advertise: { name, port: 8443, path: '/dm', tls: true },
  sightings: { seen: (sighting) => tell({ seen: sighting }), gone: (id, by) => tell({ gone: id, by }) },
  clock: systemClock,
  entropy: systemEntropy,
  log: silentLog,
});
tell({ uid: process.getuid?.() });
process.stdin.resume();
await once(process.stdin, 'end');
await mdns.close();
