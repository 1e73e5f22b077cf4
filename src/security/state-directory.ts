import { lstatSync, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { PosternError } from '#src/base/index.js';
import { formatMode, isErrno, requirePrivateFile } from './private-file.js';

export interface StatePlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The home directory; by default the one of the running user. */
  readonly home?: string;
  /** Who must own the directory; by default the running user. */
  readonly uid?: number;
}

/**
 * The directory of everything that Postern keeps: `$STATE_DIRECTORY`, else `~/.local/state/postern`. Made (0700) if it is missing;
 * refused if anyone else could read, change or redirect it, or a file in it.
 * @throws PosternError `security.state-directory`, `security.file-exposed`
 */
export function openStateDirectory(place: StatePlace): string {
  const directory = resolve(statePath(place));
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  requireNoRedirection(directory);
  requireOwn(directory, place.uid ?? process.getuid?.());
  for (const file of filesIn(directory)) requirePrivateFile(file);
  return directory;
}

function statePath({ env, home }: StatePlace): string {
  // systemd lists several directories with colons between them; the first is ours.
  const given = env['STATE_DIRECTORY']?.split(':')[0];
  return given ? given : join(home ?? homedir(), '.local', 'state', 'postern');
}

function requireNoRedirection(directory: string): void {
  if (!lstatSync(directory).isSymbolicLink()) return;
  const target = realpathSync(directory);
  // With DynamicUser= systemd keeps the directory in `private` beside the link that it made.
  const systemd = join(realpathSync(dirname(directory)), 'private', basename(directory));
  if (target !== systemd) refuse(directory, `is a symbolic link to ${target}`, 'name that directory itself in STATE_DIRECTORY');
}

function requireOwn(directory: string, uid: number | undefined): void {
  const { mode, uid: owner } = statSync(directory);
  if (uid !== undefined && owner !== uid) {
    refuse(
      directory,
      `belongs to user ${owner}, not to ${uid}`,
      `run \`chown -R ${uid} ${directory}\` or name another one in STATE_DIRECTORY`,
    );
  }
  if ((mode & 0o077) !== 0) refuse(directory, `is open to others (mode ${formatMode(mode)})`, `run \`chmod 700 ${directory}\``);
}

function filesIn(directory: string): string[] {
  return readdirSync(directory)
    .map((name) => join(directory, name))
    .filter(isFile);
}

/** Follows a link to what it shows; what has vanished meanwhile, or leads nowhere, shows nothing. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}

function refuse(directory: string, problem: string, remedy: string): never {
  throw new PosternError('security.state-directory', { directory, problem, remedy });
}
