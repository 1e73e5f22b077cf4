import { type Command, Option } from 'commander';
import type { ConfigurationWarning } from '#src/config/index.js';
import { type CommonOptions, example, print, type Scene } from './verb.js';

interface FileOptions extends CommonOptions {
  readonly config?: string;
  readonly for: 'gateway' | 'server';
}

/** `config`: what a configuration file says. Needs no running gateway. */
export function addConfig(program: Command, scene: Scene): void {
  const config = program.command('config').description('check and show a configuration; needs no running gateway');
  addCheck(config, scene);
  addShow(config, scene);
}

function addCheck(config: Command, scene: Scene): void {
  const check = config
    .command('check')
    .description('name every mistake in a configuration file')
    .argument('[file]', 'the file')
    .option('--config <file>', 'the same as an option')
    .addOption(new Option('--for <program>', 'whose file it is').choices(['gateway', 'server']).default('gateway'))
    .option('--json', 'print JSON')
    .action(async (file: string | undefined, options: FileOptions) => {
      const path = file ?? options.config;
      const warnings = path === undefined ? [] : await warningsOf(path, options.for, scene);
      print(scene, options, { ok: true, file: path, warnings }, () => checkText(path, warnings));
    });
  example(check, 'postern config check /etc/postern/gateway.yaml');
}

// Loaded only here: the other verbs start without the YAML library.
async function warningsOf(path: string, program: FileOptions['for'], { ports }: Scene): Promise<ConfigurationWarning[]> {
  const { checkGatewayConfig, checkSmallServerConfig } = await import('#src/config/index.js');
  return program === 'server' ? checkSmallServerConfig(path, ports.env) : checkGatewayConfig(path, ports.env);
}

function checkText(path: string | undefined, warnings: readonly ConfigurationWarning[]): string {
  const outcome = path === undefined ? 'No file was named; the embedded defaults are right' : `${path} has no mistakes`;
  return [...warnings.map((warning) => `${warning.file}:${warning.line}: warning: ${warning.message}`), outcome]
    .map((line) => `${line}\n`)
    .join('');
}

function addShow(config: Command, scene: Scene): void {
  const show = config
    .command('show')
    .description('print the configuration in force, defaults included; secrets are not shown')
    .argument('[file]', 'the file (default: embedded defaults)')
    .option('--config <file>', 'the same as an option')
    .option('--json', 'print JSON')
    .action(async (file: string | undefined, options: FileOptions) => {
      const { formatYaml, loadGatewayConfig, showConfig } = await import('#src/config/index.js');
      const shown = showConfig(loadGatewayConfig(file ?? options.config, scene.ports.env));
      print(scene, options, shown, () => formatYaml(shown));
    });
  example(show, 'postern config show --config /etc/postern/gateway.yaml');
}
