import type { ChildProcess } from 'node:child_process';
import { expect, test } from 'vitest';
import { whyNoPrograms } from '../../peers/debian.js';
import { type Place, whyNoNetwork } from '../../peers/network.js';
import { oneCableLan, startSsdp } from './real-programs.js';
import { gatewayId, search } from './ssdp-site.js';

const why = whyNoNetwork() ?? whyNoPrograms(['gssdp-discover'], ['gupnp-tools']);

/** Sends ten large searches from an address and tells how many bytes came back within a second and a half. */
const asker = `
  const socket = require('node:dgram').createSocket('udp4');
  const [address, text] = process.argv.slice(1);
  let got = 0;
  socket.on('message', (bytes) => { got += bytes.length; });
  socket.bind(0, address, () => {
    socket.setMulticastInterface(address);
    for (let count = 0; count < 10; count += 1) socket.send(text, 1900, '239.255.255.250');
    setTimeout(() => { console.log(got); process.exit(0); }, 1500);
  });
`;

function bytesGot(place: Place, address: string): number {
  const text = search('ssdp:all', [`USER-AGENT: ${'x'.repeat(600)}`]);
  return Number(place.run(process.execPath, '-e', asker, address, text));
}

async function written({ stdout }: ChildProcess): Promise<string> {
  return Buffer.concat((await stdout?.toArray()) ?? []).toString();
}

test.skipIf(why !== undefined)(
  'DM10:6.3.1.2-3, SCH:6.3.1.2-3, CP:6.2-13: by a search of gssdp; and one from another network gets no byte',
  async () => {
    const lan = oneCableLan();
    // A network that is not the interface's own, though the kernel would carry the answer there.
    lan.host.run('ip', 'address', 'add', '10.9.9.9/24', 'dev', 'eth0');
    lan.gateway.run('ip', 'route', 'add', '10.9.9.0/24', 'dev', 'lan0');
    const { opened } = await startSsdp(lan);
    expect(opened).toMatchObject({ uid: 65_534 });
    expect(bytesGot(lan.host, '10.9.9.9')).toBe(0);
    lan.host.run('ip', 'address', 'delete', '10.9.9.9/24', 'dev', 'eth0');
    expect(bytesGot(lan.host, '192.168.7.20')).toBeGreaterThan(100);
    const target = '--target=urn:schemas-openmobilealliance-org:device:DMGateway:1';
    const stdout = await written(lan.host.start('gssdp-discover', ['-i', 'eth0', '--timeout=5', target]));
    expect(stdout).toContain(`${gatewayId.slice('urn:'.length)}::urn:schemas-openmobilealliance-org:device:DMGateway:1`);
    expect(stdout).toMatch(/Location: http:\/\/192\.168\.7\.1:\d+\/gateway\.xml/);
  },
);
