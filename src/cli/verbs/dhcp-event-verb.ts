import { isIPv4 } from 'node:net';
import type { Command } from 'commander';
import type { ControlClient } from '#src/control/index.js';
import { type CommonOptions, example, gatewayOf, type Scene } from './verb.js';

type DhcpEventInput = Parameters<ControlClient['dhcpEvent']>[0];
type Environment = Readonly<Record<string, string | undefined>>;

/** `dhcp-event`: what the hook script of the DHCP server calls; dnsmasq's variables tell the rest. */
export function addDhcpEvent(program: Command, scene: Scene): void {
  const verb = program
    .command('dhcp-event')
    .description('tell the running gateway about a DHCP lease; for the hook script of dnsmasq, whose DNSMASQ_* variables are read')
    .argument('<action>', 'add, old or del; anything else that dnsmasq tells is ignored')
    .argument('[mac]', 'MAC address of the device')
    .argument('[address]', 'its IPv4 address; IPv6 is ignored')
    .argument('[hostname]', 'what it calls itself')
    .allowExcessArguments()
    .option('--state <folder>', 'state folder of the gateway (default: $STATE_DIRECTORY, else ~/.local/state/postern)')
    .action(
      async (
        action: string,
        mac: string | undefined,
        address: string | undefined,
        hostname: string | undefined,
        _own,
        command: Command,
      ) => {
        const event = eventOf({ action, mac, address, hostname }, scene.ports.env);
        if (event !== undefined) await gatewayOf(scene, command.optsWithGlobals<CommonOptions>()).dhcpEvent(event);
      },
    );
  example(verb, 'postern dhcp-event add 00:24:be:80:4f:f1 192.168.1.20 camera');
}

interface Told {
  readonly action: string;
  readonly mac: string | undefined;
  readonly address: string | undefined;
  readonly hostname: string | undefined;
}

/** Undefined for what is nothing to us: dnsmasq demands that a script ignores what it does not know. */
function eventOf({ action, mac, address, hostname }: Told, env: Environment): DhcpEventInput | undefined {
  if (!isAction(action) || mac === undefined || address === undefined || !isIPv4(address)) return undefined;
  const name = hostname || env['DNSMASQ_SUPPLIED_HOSTNAME'];
  const remaining = env['DNSMASQ_TIME_REMAINING'];
  const vendorOptions = env['POSTERN_DHCP_OPTION_125'];
  return {
    action,
    mac,
    address,
    ...(name ? { hostname: name } : {}),
    // 0 is written for a lease without an end.
    ...(remaining !== undefined && /^[1-9]\d{0,9}$/.test(remaining) ? { remaining: Number(remaining) } : {}),
    ...(vendorOptions ? { vendorOptions } : identityIn(env)),
  };
}

/** What dnsmasq has read out of option 125. */
function identityIn(env: Environment): Pick<DhcpEventInput, 'identity'> {
  const [oui, serial, productClass] = [env['DNSMASQ_CPEWAN_OUI'], env['DNSMASQ_CPEWAN_SERIAL'], env['DNSMASQ_CPEWAN_CLASS']];
  if (!oui || !serial) return {};
  return { identity: { oui, serial, ...(productClass ? { productClass } : {}) } };
}

function isAction(text: string): text is DhcpEventInput['action'] {
  return text === 'add' || text === 'old' || text === 'del';
}
