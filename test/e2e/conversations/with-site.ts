import { Site, type SiteOptions } from '../site.js';

/** A site for as long as the work takes. */
export async function withSite<T>(options: SiteOptions, work: (site: Site) => Promise<T>): Promise<T> {
  const site = await Site.open(options);
  try {
    return await work(site);
  } finally {
    await site.close();
  }
}
