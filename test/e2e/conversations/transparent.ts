import { dmAccTnds } from '#src/dm/objects/index.js';
import { flowDevice } from '../../house/conversations/flows.js';
import { writeTunnel } from '../../house/conversations/tunnel.js';
import { type Site, serverId } from '../site.js';
import type { Part } from './recording.js';
import { Tap } from './tap.js';
import { withSite } from './with-site.js';

/** A device has a session with its own server through the forward proxy. */
export function playTransparent(record: string): Promise<Part[]> {
  return withSite({ gateway: { transparent: { port: 0 } }, record }, async (site) => {
    const passwords = site.newPasswords('north');
    await site.serverDoor.addClient({ id: flowDevice, ...passwords });
    const accounts = [{ serverId, address: site.serverUrl, ...passwords }];
    const { address, proxy } = await site.gatewayDoor.addDevice({ id: flowDevice, mode: 'transparent', allowPlainHttp: true, accounts });
    const tap = await Tap.before(Number(new URL(address).port));
    const way = `http://${encodeURIComponent(proxy?.userName ?? '')}:${proxy?.password}@127.0.0.1:${tap.port}`;
    const device = await site.startDevice({ dmAcc: accountAt(site, passwords), trust: site.serverTrust }, ['--proxy', way]);
    const { ok } = await device.session();
    tap.close();
    if (ok !== true) throw new Error('the transparent session failed');
    const { request, response, records } = tap.seen;
    return [
      { name: 'south-request.http', bytes: request },
      { name: 'south-response.http', bytes: response },
      { name: 'south-tunnel.txt', bytes: Buffer.from(writeTunnel(records)) },
    ];
  });
}

/** What a device of its own server is bootstrapped with. */
function accountAt(site: Site, { clientPassword, serverPassword }: { clientPassword: string; serverPassword: string }): string {
  return dmAccTnds({
    id: serverId,
    serverId,
    addresses: [{ addr: site.serverUrl, addrType: 'URI' }],
    client: { type: 'DIGEST', name: flowDevice, secret: clientPassword },
    server: { type: 'DIGEST', name: serverId, secret: serverPassword },
  });
}
