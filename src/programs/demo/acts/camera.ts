import { readFileSync } from 'node:fs';
import { dmAccTnds } from '#src/dm/objects/index.js';
import { type Authority, enrol } from '../authority.js';
import { camera } from '../cast.js';
import { manage, seenBy } from '../managing.js';
import { type Stage, startDevice } from '../stage.js';
import type { Step } from '../step.js';

/** A device has its session with its own server, by CONNECT through the gateway's forward proxy: TLS from end to end. */
export async function transparentDevice({ company, enterprise, gateway }: Stage): Promise<Step> {
  const account = await enrol(enterprise, camera.id);
  // Its password goes to the proxy in the clear: on loopback nobody is between them.
  const added = await gateway.door.addDevice({ ...camera, mode: 'transparent', allowPlainHttp: true, accounts: [account] });
  const own = { dmAcc: accountOf(enterprise, account), trust: readFileSync(enterprise.ca, 'utf8') };
  const device = await startDevice(company, camera, own, ['--proxy', wayOut(added)]);
  const [got] = await manage(enterprise, device, [{ command: 'Get', uri: './DevInfo/Mod' }]);
  const onDevice = await device.read('./DevInfo/Mod');
  const inventory = await gateway.door.showDevice({ id: camera.id });
  const ok =
    got?.results[0]?.data === onDevice && onDevice !== undefined && inventory.status === 'attached' && inventory.model === undefined;
  const seen = [
    ...seenBy('Get', got),
    `inventory: ${camera.id}, "${inventory.name}", ${inventory.mode}, ${inventory.status}; of what was said the gateway knows nothing`,
  ];
  const name = 'a transparent device has its session with its own server, by CONNECT';
  return { name, ok, evidence: { server: got, device: onDevice, inventory }, seen };
}

/** `http://user:password@host:port`, as `--proxy` takes it. */
function wayOut({
  address,
  proxy,
}: {
  readonly address: string;
  readonly proxy?: { readonly userName: string; readonly password: string } | undefined;
}): string {
  const url = new URL(address);
  url.username = encodeURIComponent(proxy?.userName ?? '');
  url.password = encodeURIComponent(proxy?.password ?? '');
  return url.href;
}

function accountOf({ serverId, url }: Authority, { clientPassword, serverPassword }: Awaited<ReturnType<typeof enrol>>): string {
  return dmAccTnds({
    id: serverId,
    serverId,
    addresses: [{ addr: url, addrType: 'URI' }],
    client: { type: 'DIGEST', name: camera.id, secret: clientPassword },
    server: { type: 'DIGEST', name: serverId, secret: serverPassword },
  });
}
