import { silentLog, systemClock, systemEntropy } from '#src/base/index.js';
import { lanOf, openSsdp } from '#src/discovery/index.js';

/** SSDP of a gateway as a program of its own: `ssdp-program INTERFACE DEVID`. Tells who comes and goes, a line each. */
const [device = '', devId = ''] = process.argv.slice(2);
const tell = (line: object) => void process.stdout.write(`${JSON.stringify(line)}\n`);
const ssdp = await openSsdp({
  interfaces: [device],
  searchInterval: 900_000,
  devId,
  sightings: { seen: (sighting) => tell({ seen: sighting }), gone: (id, by) => tell({ gone: id, by }) },
  respond: { port: 0, facts: () => ({ name: 'Home', serverId: 'postern', dmAddress: `https://${lanOf(device).address}:8443/dm` }) },
  clock: systemClock,
  entropy: systemEntropy,
  log: {
    ...silentLog,
    warn: (fields, text) => tell({ warning: text, ...fields }),
    info: (fields, text) => tell({ info: text, ...fields }),
  },
});
tell({ open: true, uid: process.getuid?.() });
process.once('SIGTERM', async () => {
  await ssdp.close();
  process.exit(0);
});
