import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyNoPrograms } from '../peers/debian.js';
import { whyNoMosquitto } from '../peers/mosquitto.js';
import { whyNoNetwork } from '../peers/network.js';
import { eventually } from './eventually.js';
import { type Gateway, HomeBehindNat, innerAddress, outerAddress } from './home-behind-nat.js';

const missing = whyNoNetwork() ?? whyNoMosquitto() ?? whyNoPrograms(['nft'], ['nftables']);
const passwords = { clientPassword: 'what the gateway shows', serverPassword: 'what the server shows' };
const southPasswords = { clientPassword: 'what the device shows', serverPassword: 'what the gateway shows it' };
const read = { command: 'Get', uri: './DevInfo/DmV' } as const;

describe.skipIf(missing !== undefined)(missing ?? 'a server that cannot reach the gateway', () => {
  let home: HomeBehindNat;
  beforeAll(async () => {
    home = await HomeBehindNat.open();
    for (const { door, devId } of [home.onRouter, home.behind]) {
      await home.server.addClient({ id: devId, ...passwords });
      await door.addAccount({ serverId: 'operator', address: 'https://198.51.100.1:9443/dm', correlation: 'none', ...passwords });
    }
  });
  afterAll(() => home?.close());

  /** A command waits for the session that a trigger asks for. */
  async function manage({ devId }: Pick<Gateway, 'devId'>, reach: string) {
    const { id } = await home.server.queueCommand({ id: devId, ...read });
    const trigger = await home.server.triggerClient({ id: devId, wait: 30, reach });
    return { outcome: await home.server.showCommand({ id, wait: 30 }), trigger };
  }

  it('DM20:DM-HLF-002: gets its session by MQTT through NAT, with nothing let in', async () => {
    const { outcome, trigger } = await manage(home.behind, 'mqtt:home/gateway');
    expect(outcome).toMatchObject({ state: 'done', statuses: [{ status: 200 }] });
    expect(trigger?.state).toBe('answered');
    const ended = home.said.find(({ client }) => client === home.behind.devId);
    expect(ended).toMatchObject({ address: outerAddress });
    expect(home.turnedAway()).toBe(0);
  });

  it('DM20:DM-HLF-002: gets one with a device behind the gateway, through the gateway and NAT', async () => {
    const id = 'urn:imei:490154203237518';
    const account = { serverId: 'operator', address: 'https://198.51.100.1:9443/dm', polling: 'never', ...passwords } as const;
    await home.server.addClient({ id, ...passwords });
    const added = await home.behind.door.addDevice({ id, trigger: { by: 'poll' }, ...southPasswords, accounts: [account] });
    await home.startDevice(id, added);
    expect(home.said.filter(({ client }) => client === id)).toEqual([]);
    const { outcome, trigger } = await manage({ devId: id }, `mqtt:home/${encodeURIComponent(id)}`);
    expect(outcome).toMatchObject({ state: 'done', statuses: [{ status: 200 }] });
    expect(trigger?.state).toBe('answered');
    expect(home.said.find(({ client }) => client === id)).toMatchObject({ address: outerAddress });
    expect(home.turnedAway()).toBe(0);
  });

  it.each([`https://${outerAddress}:8444/trigger/gateway`, `udp://${outerAddress}:2948`, `wsp://${outerAddress}:2948`])(
    'DM10:6.1.4-6, SCH:6.1.4-6: gets one from the gateway on the router by %s',
    async (address) => {
      const { outcome, trigger } = await manage(home.onRouter, address);
      expect(outcome.state).toBe('done');
      expect(trigger?.state).toBe('answered');
    },
  );

  it('an address behind NAT is not reached, by HTTPS nor by UDP', async () => {
    const id = home.behind.devId;
    const already = await heard(home.behind);
    const refused = await home.server.triggerClient({ id, reach: `https://${innerAddress}:8444/trigger/gateway` });
    expect(refused).toMatchObject({ state: 'waiting', problem: expect.stringContaining('cannot be reached') });
    const before = home.turnedAway();
    await home.server.triggerClient({ id, reach: `udp://${innerAddress}:2948` });
    await eventually('a datagram that the router turns away', () => home.turnedAway() > before || undefined);
    expect(await heard(home.behind)).toEqual(already);
  });

  it('it is the router that keeps it out', async () => {
    home.takeTheWallAway();
    expect((await manage(home.behind, `udp://${innerAddress}:2948`)).outcome.state).toBe('done');
  });

  /** What has come to a gateway since its start. */
  async function heard({ door }: Gateway) {
    const { accepted, refused } = await door.listTriggers();
    return { accepted, refused: Object.values(refused).reduce((sum, count) => sum + count, 0) };
  }
});
