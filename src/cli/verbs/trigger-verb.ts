import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseTriggerAddress, type TriggerAddress, triggerAddressForm } from '#src/config/index.js';
import { type PasswordSource, readPasswords, requirePassword } from '../password.js';
import { example, print, type Scene } from './verb.js';

interface TriggerVerbOptions {
  readonly serverId: string;
  readonly session: string;
  readonly passwordFile?: string;
  readonly nonce: string;
  readonly uiMode: 'not-specified' | 'background' | 'informative' | 'user-interaction';
  readonly initiator: 'client' | 'server';
  readonly trust?: string;
  readonly broker?: string;
  readonly brokerUser?: string;
  readonly brokerPasswordFile?: string;
  readonly dry?: boolean;
  readonly json?: boolean;
}

/** `trigger`: one Package#0 made and sent by hand. Needs no running gateway and no server. */
export function addSendTrigger(program: Command, scene: Scene): void {
  const trigger = program
    .command('trigger')
    .description('make one trigger (Package#0) and send it to a gateway or a device, by hand')
    .argument('<address>', triggerAddressForm, readAddress)
    .requiredOption('--server-id <id>', 'the DM server that asks')
    .requiredOption('--session <id>', 'SessionID of the session: 1 to FFFF', readSession)
    .option('--password-file <file>', 'password of the server towards the target; - is standard input (or $POSTERN_SERVER_PASSWORD)')
    .option('--nonce <base64>', 'the nonce that the server was given last (default: none, as before the first session)', readNonce, '')
    .addOption(uiMode())
    .addOption(new Option('--initiator <who>', 'who wants the session').choices(['client', 'server']).default('server'))
    .option('--trust <file>', "certificates to trust besides the system's, PEM: the ca.pem of the gateway, or of the broker")
    .option('--broker <url>', 'the MQTT broker of an mqtt: address, mqtts://host:port or mqtt://host:port', readBroker)
    .option('--broker-user <name>', 'user name at the broker')
    .option('--broker-password-file <file>', 'password at the broker (or $POSTERN_BROKER_PASSWORD)')
    .option('--dry', 'print it in hex, and send nothing')
    .option('--json', 'print JSON')
    .action((to: TriggerAddress, _own, command: Command) => send(scene, to, command));
  example(
    trigger,
    'postern trigger https://198.51.100.7:8444/trigger/gateway --server-id operator --session A1B --password-file server.txt --trust ca.pem',
    'postern trigger mqtt:home/gateway --broker mqtts://broker.example:8883 --server-id operator --session A1B --password-file server.txt',
  );
}

async function send(scene: Scene, to: TriggerAddress, command: Command): Promise<void> {
  const options = command.optsWithGlobals<TriggerVerbOptions>();
  if (to.by === 'mqtt' && options.broker === undefined && options.dry !== true) command.error('error: an mqtt: address needs --broker');
  const [server, atBroker] = passwordSources(options);
  const [password, brokerPassword] = await readPasswords([server, atBroker], scene.ports);
  const trigger = await makeTrigger(options, requirePassword(password, server));
  const hex = Buffer.from(trigger).toString('hex');
  if (options.dry === true) return print(scene, options, { trigger: hex }, () => `${hex}\n`);
  const { trust, broker: url, brokerUser } = options;
  const who = {
    ...(brokerUser === undefined ? {} : { userName: brokerUser }),
    ...(brokerPassword === undefined ? {} : { password: brokerPassword }),
  };
  const broker = url === undefined ? {} : { broker: { url, ...who } };
  await scene.ports.trigger({ to, trigger, trust: trust === undefined ? [] : [trust], ...broker });
  print(scene, options, { trigger: hex, by: to.by }, () => `${outcomes[to.by]}; session ${options.session} is awaited\n`);
}

const outcomes = {
  https: 'The gateway has taken it',
  mqtt: 'The broker has taken it',
  udp: 'It has left; whether it arrives nobody says',
} as const;

// Loaded only here: the other verbs start without it.
async function makeTrigger({ serverId, session, uiMode, initiator, nonce }: TriggerVerbOptions, password: string): Promise<Uint8Array> {
  const { encodeNotification } = await import('#src/dm/notification/index.js');
  return encodeNotification({ serverId, sessionId: session, uiMode, initiator }, { kind: 'password', value: password }, nonce);
}

function passwordSources(options: TriggerVerbOptions): [PasswordSource, PasswordSource] {
  return [
    {
      what: "server's password towards the target",
      option: '--password-file',
      file: options.passwordFile,
      variable: 'POSTERN_SERVER_PASSWORD',
    },
    {
      what: 'password at the broker',
      option: '--broker-password-file',
      file: options.brokerPasswordFile,
      variable: 'POSTERN_BROKER_PASSWORD',
    },
  ];
}

function uiMode(): Option {
  const modes = ['not-specified', 'background', 'informative', 'user-interaction'];
  return new Option('--ui-mode <mode>', 'whether a person is to be asked first').choices(modes).default('background');
}

function readAddress(text: string): TriggerAddress {
  const address = parseTriggerAddress(text);
  if (address === undefined) throw new InvalidArgumentError(`Write ${triggerAddressForm}.`);
  return address;
}

function readSession(text: string): string {
  if (!/^[1-9A-F][0-9A-F]{0,3}$/i.test(text)) throw new InvalidArgumentError('Write 1 to 4 hex digits without leading zeros, not 0.');
  return text.toUpperCase();
}

function readNonce(text: string): string {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) throw new InvalidArgumentError('Write it in Base64.');
  return text;
}

function readBroker(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isBroker = url !== undefined && /^mqtts?:$/.test(url.protocol) && url.hostname !== '' && url.username === '' && url.password === '';
  if (!isBroker) throw new InvalidArgumentError('Write mqtts://host:port or mqtt://host:port.');
  return text;
}
