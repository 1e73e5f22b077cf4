import type { Milliseconds } from '#src/base/index.js';
import type { TriggerAddress } from '#src/config/index.js';

export interface RunOptions {
  /** The configuration file; absent: embedded defaults. */
  readonly config?: string;
  /** The state folder; absent: `$STATE_DIRECTORY`, else `~/.local/state/postern`. */
  readonly state?: string;
  /** A folder for every raw message. */
  readonly record?: string;
  /** Logs in JSON also on a terminal. */
  readonly json: boolean;
  /** Start the small DM server too, as the owner's. */
  readonly withOwnerServer: boolean;
  /** That server's configuration file; absent: embedded defaults. */
  readonly ownerServerConfig?: string;
}

export interface ServerOptions {
  readonly config?: string;
  readonly state?: string;
  readonly record?: string;
  readonly json: boolean;
}

export interface DeviceOptions {
  /** A DMAcc (TNDS) that says which server manages it. */
  readonly bootstrap?: string;
  /** A PEM file with the certificates that it trusts. */
  readonly trust?: string;
  /** Its DevId; absent: the one it had before, or a new one. */
  readonly id?: string;
  readonly state?: string;
  readonly record?: string;
  /** The time between two sessions. */
  readonly every?: Milliseconds;
  /** The forward proxy to go through, `http://user:password@host:port`. */
  readonly proxy?: string;
  /** The UDP port on which it listens for triggers; 0 is any free one. */
  readonly listenUdp?: number;
  /** It asks its gateway for triggers by long-poll. */
  readonly poll?: boolean;
  /** The broker by which it hears triggers, `mqtts://host:port`. */
  readonly mqtt?: string;
  /** One session, then the end. */
  readonly once: boolean;
  /** The largest message and the largest object that it says it can take, in bytes. */
  readonly maxMsgSize?: number;
  readonly maxObjSize?: number;
  /** The encoding that it speaks; absent: XML. */
  readonly encoding?: 'xml' | 'wbxml';
  readonly json: boolean;
}

export interface DemoOptions {
  readonly once: boolean;
  readonly json: boolean;
  readonly record?: string;
}

/** One trigger that a person sends by hand. */
export interface TriggerOptions {
  readonly to: TriggerAddress;
  /** Package#0. */
  readonly trigger: Uint8Array;
  /** Files with authorities to trust besides the system's, PEM. */
  readonly trust: readonly string[];
  /** For an MQTT address. */
  readonly broker?: { readonly url: string; readonly userName?: string; readonly password?: string };
}

/** What the command line starts: each resolves with the exit code when it has ended. */
export interface Programs {
  run(options: RunOptions): Promise<number>;
  server(options: ServerOptions): Promise<number>;
  device(options: DeviceOptions): Promise<number>;
  demo(options: DemoOptions): Promise<number>;
  /** Resolves when it was taken, or has left where nobody says so. @throws PosternError `wire.*` */
  trigger(options: TriggerOptions): Promise<void>;
}

/** Everything that the command line needs from around it. */
export interface CommandLinePorts extends Programs {
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The home directory. */
  readonly home: string;
  out(text: string): void;
  err(text: string): void;
  /** Writes what is no text to standard output. */
  outBytes(bytes: Uint8Array): void;
  readStandardInput(): Promise<string>;
  readStandardInputBytes(): Promise<Uint8Array>;
}
