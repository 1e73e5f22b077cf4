import { nobody, unprivileged } from '../peers/network.js';
import type { SiteOptions } from './site.js';

/** How a gateway runs without rights, as on a router: root gives up its own; others have none. */
export function withoutRights(): Pick<SiteOptions, 'as'> & { readonly within: readonly string[] } {
  return process.getuid?.() === 0 ? { as: nobody, within: unprivileged() } : { within: [] };
}
