import { type Command, InvalidArgumentError, Option } from 'commander';
import { readDuration } from '../options/duration-option.js';
import { readSize } from '../options/size-option.js';
import type { DemoOptions, DeviceOptions, RunOptions, ServerOptions } from '../ports.js';
import { example, type Scene } from './verb.js';

const stateHelp = 'folder of everything that is kept (default: $STATE_DIRECTORY, else ~/.local/state/postern)';
const recordHelp = 'write every raw message, with its credentials, into this folder, one file each';

/** `run`: the gateway. */
export function addRun(program: Command, scene: Scene): void {
  const run = program
    .command('run')
    .description('run the gateway until it is told to stop (SIGTERM or SIGINT)')
    .option('--config <file>', 'configuration file (default: embedded defaults)')
    .option('--state <folder>', stateHelp)
    .option('--record <folder>', recordHelp)
    .option('--json', 'logs in JSON also on a terminal')
    .option('--with-owner-server', "start the small DM server too, as the owner's")
    .option('--owner-server-config <file>', "the same, with the server's configuration file")
    .action(async (given: Partial<RunOptions>) => {
      const withOwnerServer = given.ownerServerConfig !== undefined;
      return scene.finish(await scene.ports.run({ json: false, withOwnerServer, ...given }));
    });
  example(run, 'postern run --config /etc/postern/gateway.yaml');
}

/** `server` without a verb: the small DM server. Its verbs are added to what this returns. */
export function addServer(program: Command, scene: Scene): Command {
  const server = program
    .command('server')
    .description('run the small DM server, or operate a running one with the verbs below')
    .option('--config <file>', 'configuration file (default: embedded defaults)')
    .option('--state <folder>', stateHelp)
    .option('--record <folder>', recordHelp)
    .option('--json', 'logs or answers in JSON')
    .action(async (given: Partial<ServerOptions>) => scene.finish(await scene.ports.server({ json: false, ...given })));
  return example(server, 'postern server --state /var/lib/postern-server');
}

/** `device`: a virtual OMA DM device. */
export function addDevice(program: Command, scene: Scene): void {
  const device = program
    .command('device')
    .description(
      'run a virtual OMA DM device; it takes orders on standard input, such as: session, read ./DevInfo/Mod, set ./Vendor/Lamp/Level 5',
    )
    .option('--bootstrap <file>', 'DMAcc of its server, as `devices add --write` makes it')
    .option('--trust <file>', 'certificates that it trusts, PEM')
    .option('--id <urn>', 'its DevId, the one that it was added by (default: the one it had before, or a new one, which no gateway knows)')
    .option('--state <folder>', 'folder of its management tree (default: in memory)')
    .option('--record <folder>', recordHelp)
    .option('--proxy <url>', 'forward proxy of a transparent device, http://user:password@host:port (: in the user is %3A)')
    .option('--every <time>', 'time between two sessions, for example 30s or 5m', readDuration)
    .option('--listen-udp [port]', 'listen for triggers (Package#0) on this UDP port (default: 2948; 0 for any free one)', readPort)
    .option('--poll', 'ask for triggers by long-poll, at the address of its server')
    .option('--mqtt <url>', 'hear triggers by the broker of its gateway, mqtts://host:port')
    .option('--once', 'one session, then the end')
    .option('--max-msg-size <size>', 'largest message that it can take, for example 4KiB (default: 64KiB)', readSize)
    .option('--max-obj-size <size>', 'largest object that it can take (default: 1MiB)', readSize)
    .addOption(new Option('--encoding <name>', 'the encoding that it speaks (default: xml)').choices(['xml', 'wbxml']))
    .option('--json', 'what happens as JSON, one line each')
    .action(async (given: GivenDeviceOptions) => scene.finish(await scene.ports.device({ once: false, json: false, ...heard(given) })));
  example(device, 'postern device --id urn:imei:490154203237518 --bootstrap camera.xml --trust ca.pem --every 1m');
}

/** An option whose value may be left out is then `true`. */
type GivenDeviceOptions = Omit<Partial<DeviceOptions>, 'listenUdp'> & { readonly listenUdp?: number | true };

/** Where devices listen for triggers. @see OMA DM Notification 1.2 § 6 */
const triggerPort = 2948;

function heard({ listenUdp, ...given }: GivenDeviceOptions): Partial<DeviceOptions> {
  return listenUdp === undefined ? given : { ...given, listenUdp: listenUdp === true ? triggerPort : listenUdp };
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('Write a port from 0 to 65535.');
  return port;
}

/** `demo`: gateway, server and device together. */
export function addDemo(program: Command, scene: Scene): void {
  const demo = program
    .command('demo')
    .description('show a DM server managing a device behind the gateway, on this machine alone')
    .option('--once', 'leave when it was shown; 0 only if every step was verified')
    .option('--json', 'print { ok, steps: [{ name, ok, evidence }] } and nothing else')
    .option('--record <folder>', recordHelp)
    .action(async (given: Partial<DemoOptions>) => scene.finish(await scene.ports.demo({ once: false, json: false, ...given })));
  example(demo, 'postern demo --once --json --record messages');
}
