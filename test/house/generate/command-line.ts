import type { Command } from 'commander';
import { buildProgram, type CommandLinePorts, exitCodeMeanings } from '#src/cli/index.js';
import type { Generated } from '../generated.js';

/** docs/reference/command-line.md: every verb as its own --help has it. */
export async function generated(): Promise<Generated[]> {
  const program = buildProgram(idle, () => {});
  return [
    { path: 'docs/reference/command-line.md', content: `${[opening, exitCodes(), environment, ...sections(program, [])].join('\n\n')}\n` },
  ];
}

const width = 110;

const opening = `# The command line

Made from the program itself (\`npm run docs\`). \`--socket\` and \`--json\` may stand anywhere.`;

const environment = `## Environment

| Variable | What it has |
|---|---|
| \`STATE_DIRECTORY\` | the state folder, as systemd sets it; else \`~/.local/state/postern\` |
| \`POSTERN_KEY_FILE\` | a file with the key that seals the secrets, 32 bytes or 64 hexadecimal digits; else \`postern.key\` in \`CREDENTIALS_DIRECTORY\`, as systemd sets it; else \`key\` in the state folder |
| \`POSTERN_DEVICE_PASSWORD\`, \`POSTERN_DEVICE_SERVER_PASSWORD\` | the passwords of \`devices add\`: the device's, and the gateway's towards it |
| \`POSTERN_ACCOUNT_PASSWORD\`, \`POSTERN_ACCOUNT_SERVER_PASSWORD\` | the passwords of an account: ours towards the DM server, and the server's towards us |
| \`POSTERN_CLIENT_PASSWORD\`, \`POSTERN_CLIENT_SERVER_PASSWORD\` | the passwords of \`server clients add\`: the client's, and the server's towards it |
| \`POSTERN_SERVER_PASSWORD\`, \`POSTERN_BROKER_PASSWORD\` | of \`trigger\`: the server's password towards the target, and ours at the MQTT broker |
| \`DNSMASQ_TIME_REMAINING\`, \`DNSMASQ_SUPPLIED_HOSTNAME\`, \`DNSMASQ_CPEWAN_OUI\`, \`DNSMASQ_CPEWAN_SERIAL\`, \`DNSMASQ_CPEWAN_CLASS\` | what dnsmasq tells its hook script, for \`dhcp-event\` |
| \`POSTERN_DHCP_OPTION_125\` | the bytes of option 125 in hexadecimal, for \`dhcp-event\` in another server's hook script |

Passwords are never values on the command line, where every user of the machine could read them.`;

function exitCodes(): string {
  const rows = exitCodeMeanings.map(([code, meaning]) => `| ${code} | ${meaning} |`);
  return ['## Exit codes', '', '| Code | Meaning |', '|---|---|', ...rows].join('\n');
}

function sections(command: Command, above: readonly string[]): string[] {
  const path = [...above, command.name()];
  const inner = command.commands.flatMap((one) => sections(one, path));
  return [`## \`${path.join(' ')}\`\n\n\`\`\`text\n${helpOf(command)}\n\`\`\``, ...inner];
}

/** With the example, which Commander's helpInformation() leaves out. */
function helpOf(command: Command): string {
  const written: string[] = [];
  command.configureOutput({ writeOut: (text) => written.push(text), getOutHelpWidth: () => width, getOutHasColors: () => false });
  command.configureHelp({ showGlobalOptions: false });
  command.outputHelp();
  return written.join('').trimEnd();
}

const idle: CommandLinePorts = {
  version: '0.0.0',
  env: {},
  home: '/',
  out: () => {},
  err: () => {},
  outBytes: () => {},
  readStandardInput: async () => '',
  readStandardInputBytes: async () => new Uint8Array(),
  run: async () => 0,
  server: async () => 0,
  device: async () => 0,
  trigger: async () => {},
  demo: async () => 0,
};
