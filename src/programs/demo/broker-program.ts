import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Aedes } from 'aedes';

/** The MQTT broker of the play, a process of its own as a broker of an operator would be; says `listening` with its address. */
const broker = await Aedes.createBroker();
const server = createServer(broker.handle);
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
process.stdout.write(`${JSON.stringify({ msg: 'listening', url: `mqtt://127.0.0.1:${port}` })}\n`);
process.once('SIGTERM', () => process.exit(0));
