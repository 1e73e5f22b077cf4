import type { Command } from 'commander';
import type { DeviceAnswer } from '#src/control/index.js';
import { formatTable, visible } from '../table.js';
import { type CommonOptions, example, gatewayOf, print, type Scene } from './verb.js';

/** `devices admit`, `refuse`, `quarantine`, `rename`, `refused`: the operator's word on who is let in. */
export function addAdmission(devices: Command, scene: Scene): void {
  addAdmit(devices, scene);
  addRefuse(devices, scene);
  addQuarantine(devices, scene);
  addRefused(devices, scene);
  addRename(devices, scene);
}

function addAdmit(devices: Command, scene: Scene): void {
  const admit = devices
    .command('admit')
    .description('let in a device that is in quarantine, or was refused')
    .argument('<device>', 'its DevId')
    .option('--json', 'print JSON')
    .action(async (id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const device = await gatewayOf(scene, options).admitDevice({ id });
      print(scene, options, device, () => `${visible(id)} is let in; it is ${device.status}\n`);
    });
  example(admit, 'postern devices admit urn:uuid:3d5f3e4c-8a7b-4c0e-9f62-0123456789ab');
}

function addRefuse(devices: Command, scene: Scene): void {
  const refuse = devices
    .command('refuse')
    .description('forget a device, and do not let it come back by being discovered')
    .argument('<device>', 'its DevId')
    .action(async (id: string, _own, command: Command) => {
      await gatewayOf(scene, command.optsWithGlobals()).refuseDevice({ id });
      scene.ports.out(`${visible(id)} is refused; "postern devices admit" lets it in again\n`);
    });
  example(refuse, 'postern devices refuse urn:uuid:3d5f3e4c-8a7b-4c0e-9f62-0123456789ab');
}

function addQuarantine(devices: Command, scene: Scene): void {
  const quarantine = devices
    .command('quarantine')
    .description('end the sessions of a device and tell nobody of it until it is admitted')
    .argument('<device>', 'its DevId')
    .option('--json', 'print JSON')
    .action(async (id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const device = await gatewayOf(scene, options).quarantineDevice({ id });
      print(scene, options, device, () => `${visible(id)} is in quarantine\n`);
    });
  example(quarantine, 'postern devices quarantine urn:imei:490154203237518');
}

function addRefused(devices: Command, scene: Scene): void {
  const refused = devices
    .command('refused')
    .description('list the devices that were refused')
    .option('--json', 'print JSON, with how many unknown devices were turned away, and why')
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const found = await gatewayOf(scene, options).showAdmission();
      const rows = found.refused.map(({ device, since }) => [device, since]);
      print(scene, options, found, () => formatTable(['DEVICE', 'SINCE'], rows));
    });
  example(refused, 'postern devices refused');
}

function addRename(devices: Command, scene: Scene): void {
  const rename = devices
    .command('rename')
    .description('give a device a name; without one it is called as it calls itself')
    .argument('<device>', 'its DevId')
    .argument('[name]', 'what people call it')
    .option('--json', 'print JSON')
    .action(async (id: string, name: string | undefined, _own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const device = await gatewayOf(scene, options).renameDevice({ id, name });
      print(scene, options, device, () => calledText(device));
    });
  example(rename, 'postern devices rename urn:imei:490154203237518 "kitchen camera"');
}

function calledText({ id, name }: DeviceAnswer): string {
  return name === undefined ? `${visible(id)} has no name\n` : `${visible(id)} is called ${visible(name)}\n`;
}
