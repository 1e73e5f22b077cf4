import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../../e2e/eventually.js';
import { Avahi, ended, whyNoAvahi } from '../../peers/avahi.js';
import { Network, type Place } from '../../peers/network.js';

describe.skipIf(whyNoAvahi() !== undefined)('with Avahi on the other end of the cable', () => {
  const network = new Network();
  let avahi: Avahi;
  let gatewayPlace: Place;
  let gateway: Gateway;
  let mac: string;

  beforeAll(async () => {
    gatewayPlace = network.place('gateway');
    const device = network.place('device');
    network.cable(
      { place: gatewayPlace, device: 'lan0', address: '192.168.7.1/24' },
      { place: device, device: 'eth0', address: '192.168.7.20/24' },
    );
    mac = device.run('cat', '/sys/class/net/eth0/address').trim();
    avahi = await Avahi.start(device, { device: 'eth0', host: 'printer' });
    gateway = new Gateway(gatewayPlace);
  }, 60_000);

  afterAll(async () => {
    await gateway?.stop();
    await avahi?.stop();
    network.remove();
  });

  test('DM10:6.3.1.2-3, SCH:6.3.1.2-3, CP:6.2-13: the gateway, which has no rights, is found with its port, path and scheme', async () => {
    const line = await eventually('the gateway in what Avahi sees', () =>
      avahi
        .browse('_oma-dm._tcp')
        .split('\n')
        .find((one) => one.startsWith('=')),
    );
    expect(line).toMatch(/^=;eth0;IPv4;home;_oma-dm\._tcp;local;home\.local;192\.168\.7\.1;8443;/);
    expect(line).toContain('"path=/dm"');
    expect(line).toContain('"tls=1"');
    expect(gateway.heard('uid')).toEqual([{ uid: 65_534 }]);
  });

  test('a service with a UUID is noticed by it, and gone when it says goodbye', async () => {
    const id = 'urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8';
    const service = avahi.publish('-s', 'Office', '_ipp._tcp', '631', 'UUID=6BA7B810-9DAD-11D1-80B4-00C04FD430C8', 'usb_MDL=Laser 3');
    const { seen } = await eventually('the printer', () => gateway.sightings(id)[0]);
    expect(seen).toMatchObject({ by: 'mdns', address: '192.168.7.20', name: 'Office', model: 'Laser 3', heartbeat: 4_500_000 });
    await ended(service);
    await eventually('its goodbye', () => gateway.heard('gone').find(({ gone }) => gone === id));
  });

  test('a service without one is known by the MAC address of who offers it', async () => {
    const id = `urn:dev:mac:${mac.replaceAll(':', '').replace(/^(.{6})/, '$1fffe')}`;
    const service = avahi.publish('-s', 'Camera', '_http._tcp', '80', 'path=/');
    await eventually('the camera', () => gateway.sightings(id)[0]);
    await ended(service);
  });

  test('a name that is taken is left to whoever has it, and a goodbye takes the gateway away', async () => {
    await gateway.stop();
    await eventually('nobody', () => (avahi.browse('_oma-dm._tcp').includes('home') ? undefined : true));
    const taken = avahi.publish('-s', 'home', '_oma-dm._tcp', '1');
    await eventually('the other one', () => (avahi.browse('_oma-dm._tcp').includes('home') ? true : undefined));
    gateway = new Gateway(gatewayPlace);
    await eventually('the second name', () => (/;home\\032\\0402\\041;.*;8443;/.test(avahi.browse('_oma-dm._tcp')) ? true : undefined));
    await ended(taken);
  });
});

class Gateway {
  readonly #process: ChildProcess;
  readonly #lines: Record<string, unknown>[] = [];

  constructor(place: Place) {
    const program = new URL('./mdns-process.ts', import.meta.url).pathname;
    const args = ['--conditions=postern-source', '--import', 'tsx', program, 'lan0', '_ipp._tcp,_http._tcp', 'home'];
    this.#process = place.start(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    let text = '';
    this.#process.stdout?.on('data', (bytes: Buffer) => {
      text += bytes.toString();
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      this.#lines.push(...lines.map((line) => JSON.parse(line) as Record<string, unknown>));
    });
  }

  heard(what: string): Record<string, unknown>[] {
    return this.#lines.filter((line) => what in line);
  }

  sightings(id: string): Record<string, unknown>[] {
    return this.heard('seen').filter(({ seen }) => (seen as { id: string }).id === id);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    await new Promise((resolve) => {
      this.#process.once('exit', resolve);
      this.#process.stdin?.end();
    });
  }
}
