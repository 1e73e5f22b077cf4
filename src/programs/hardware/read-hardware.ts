import { cpus, networkInterfaces, totalmem } from 'node:os';
import information from 'systeminformation';

/** Each of its functions runs other programs, and some ask DNS: what takes longer is left out. */
const patience = 8_000;
const mebibyte = 1024 * 1024;

/** What this box is made of, as `OwnHardware`; without serial numbers. Takes no argument, and gives none to what it calls. */
export async function readHardware(): Promise<object> {
  const [system, processor, os, disks] = await Promise.all([
    bounded(information.system()),
    bounded(information.cpu()),
    bounded(information.osInfo()),
    bounded(information.fsSize()),
  ]);
  return {
    manufacturer: system?.manufacturer,
    model: [system?.model, system?.version].filter(Boolean).join(' '),
    virtual: system?.virtual,
    system: [os?.distro, os?.release].filter(Boolean).join(' '),
    memory: Math.round(totalmem() / mebibyte),
    cpu: { model: [processor?.manufacturer, processor?.brand].filter(Boolean).join(' '), cores: cpus().length },
    disks: disks?.map(({ mount, type, size }) => ({ name: mount, type, size: Math.round(size / mebibyte) })),
    interfaces: linkAddresses(),
  };
}

/** Of this library, `networkInterfaces` is the function with the most holes in it: Node knows as much. */
function linkAddresses(): { name: string; mac: string }[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses]) => {
    const mac = addresses?.find(({ internal }) => !internal)?.mac;
    return mac === undefined ? [] : [{ name, mac }];
  });
}

/** One that fails or hangs costs only its own facts. */
function bounded<T>(fact: Promise<T>): Promise<T | undefined> {
  const late = new Promise<undefined>((resolve) => {
    setTimeout(() => resolve(undefined), patience).unref();
  });
  return Promise.race([fact.catch(() => undefined), late]);
}
