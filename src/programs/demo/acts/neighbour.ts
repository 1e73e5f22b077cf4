import { radio } from '../cast.js';
import { neighbourAddress } from '../home-network.js';
import { eventually } from '../patience.js';
import type { Stage } from '../stage.js';
import type { Step } from '../step.js';

/** A UPnP device announces itself by SSDP; it waits until somebody lets it in. */
export async function discovered({ company, gateway }: Stage): Promise<Step> {
  const name = 'a device on the LAN is discovered by SSDP, and let in';
  if (company.noNetwork !== undefined) return { name, ok: true, evidence: {}, seen: [], skipped: company.noNetwork };
  const uuid = radio.id.replace('urn:uuid:', '');
  await company.startNeighbour(`neighbour: ${radio.name}`, './upnp-program', [neighbourAddress, uuid, radio.name]);
  const waiting = await eventually(() => seenAs('quarantined'));
  await gateway.door.admitDevice({ id: radio.id });
  const admitted = await eventually(() => seenAs('attached'));
  const ok = waiting?.seenBy.includes('ssdp') === true && admitted?.name === radio.name && admitted.address === neighbourAddress;
  const seen = [
    `inventory: ${radio.id}, "${waiting?.name}", ${waiting?.manufacturer} ${waiting?.model}, at ${waiting?.address}, ${waiting?.status}`,
    `devices admit: ${waiting?.status} → ${admitted?.status}`,
  ];
  return { name, ok, evidence: { waiting: waiting ?? null, admitted: admitted ?? null }, seen };

  async function seenAs(status: string) {
    const devices = await gateway.door.listDevices({});
    return devices.find((device) => device.id === radio.id && device.status === status);
  }
}
