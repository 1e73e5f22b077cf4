import type { Surroundings } from '../values/file-path.js';
import { choice, line } from '../values/plain-values.js';
import { secret } from '../values/secret.js';
import { optionalSetting, requiredSetting, section, setting } from '../values/setting.js';

/** The log, alike in every program. */
export function logSection() {
  return section('What is logged, and how.', {
    level: setting(choice(['debug', 'info', 'warn', 'error']), {
      description: 'The least important entries that are written.',
      default: 'info',
    }),
    format: setting(choice(['auto', 'json', 'pretty']), {
      description: 'One JSON object per line, or text for people; auto is pretty on a terminal and JSON elsewhere.',
      default: 'auto',
    }),
  });
}

/** How the two ends of a leg prove themselves to each other. */
export function credentials(around: Surroundings, whose: { readonly client: string; readonly server: string; readonly userName: string }) {
  return {
    scheme: setting(choice(['md5', 'basic']), {
      description: 'How the passwords prove themselves: syncml:auth-md5 or syncml:auth-basic.',
      default: 'md5',
    }),
    userName: optionalSetting(line(255), {
      description: `The user name of the credentials; ${whose.userName} if absent.`,
      example: 'user-1',
    }),
    clientPassword: requiredSetting(secret(around), {
      description: `The password that ${whose.client}.`,
      example: { file: 'secrets/client-password' },
    }),
    serverPassword: optionalSetting(secret(around), {
      description: `The password that ${whose.server}; absent: the certificate alone is trusted.`,
      example: { env: 'SERVER_PASSWORD' },
    }),
  };
}
