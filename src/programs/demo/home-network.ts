import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';

/** The interface of the gateway on the LAN of the play. */
export const lanInterface = 'lan0';
/** The address of the one neighbour. */
export const neighbourAddress = '192.168.77.2';

/**
 * A LAN of the play's own: two network namespaces and a cable between them. All programs run in the first, so that nothing of the
 * machine's own network is touched; in the second there is room for one neighbour.
 */
export class HomeNetwork {
  readonly #home: string;
  readonly #neighbour: string;

  constructor(mark: string) {
    this.#home = `postern-home-${mark}`;
    this.#neighbour = `postern-neighbour-${mark}`;
    process.on('exit', this.#remove);
  }

  /** What a program at home is started with. */
  get atHome(): readonly string[] {
    return ['ip', 'netns', 'exec', this.#home];
  }

  /** What the neighbour is started with. */
  get nextDoor(): readonly string[] {
    return ['ip', 'netns', 'exec', this.#neighbour];
  }

  /** What makes it, command by command. */
  get commands(): readonly string[] {
    const [home, neighbour] = [this.#home, this.#neighbour];
    return [
      ...[home, neighbour].flatMap((name) => [`netns add ${name}`, `-n ${name} link set lo up`]),
      `-n ${home} link add ${lanInterface} type veth peer name ${lanInterface} netns ${neighbour}`,
      `-n ${home} address add 192.168.77.1/24 dev ${lanInterface}`,
      `-n ${neighbour} address add ${neighbourAddress}/24 dev ${lanInterface}`,
      ...[home, neighbour].map((name) => `-n ${name} link set ${lanInterface} up`),
      `netns exec ${home} true`,
    ];
  }

  remove(): void {
    process.off('exit', this.#remove);
    this.#remove();
  }

  readonly #remove = (): void => {
    for (const name of [this.#home, this.#neighbour]) spawnSync('ip', ['netns', 'delete', name]);
  };
}

/** A network of the play's own, or why there can be none. */
export function openHomeNetwork(): HomeNetwork | string {
  if (process.getuid?.() !== 0) return 'it takes network namespaces, which only root can make';
  const network = new HomeNetwork(randomBytes(3).toString('hex'));
  for (const command of network.commands) {
    const { status, stderr, error } = spawnSync('ip', command.split(' '), { encoding: 'utf8' });
    if (status === 0) continue;
    network.remove();
    return `network namespaces cannot be made here: ip ${command}: ${error?.message ?? stderr.trim()}`;
  }
  return network;
}
