import type { Command } from 'commander';
import { withSecretFiles } from '../files/secret-file.js';
import { type CommonOptions, example, gatewayOf, type Scene } from './verb.js';

interface DiagnosticsOptions extends CommonOptions {
  readonly output?: string;
  readonly devices?: true;
}

/** `diagnostics`: everything that helps to find what is wrong, for whoever helps. */
export function addDiagnostics(program: Command, scene: Scene): void {
  const diagnostics = program
    .command('diagnostics')
    .description('put everything together that helps to find what is wrong: one JSON object without secrets; also in safe mode')
    .option('--output <file>', 'write it to a new file (0600); otherwise to standard output')
    .option('--devices', 'name devices and their addresses; otherwise they are counted, and masked where something names them')
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<DiagnosticsOptions>();
      const [text, [file]] = await withSecretFiles([options.output], () => read(scene, options));
      if (file === undefined) scene.ports.out(text);
      else {
        file.finish(text);
        scene.ports.out(`${options.output} is written; look through it before you give it away.\n`);
      }
    });
  example(diagnostics, 'postern diagnostics --output postern-diagnostics.json');
}

async function read(scene: Scene, options: DiagnosticsOptions): Promise<string> {
  const bundle = await gatewayOf(scene, options).diagnostics({ devices: options.devices ? 'shown' : 'masked' });
  return `${JSON.stringify(bundle, undefined, 2)}\n`;
}
