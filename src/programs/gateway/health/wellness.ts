import { isPosternError, type PosternError } from '#src/base/index.js';

/** Where the gateway is between its start and its end. */
export type GatewayState = 'starting' | 'running' | 'draining';

export interface WellnessParts {
  readonly state: () => GatewayState;
  readonly store: { readonly failure: PosternError | undefined };
  /** Absent: there is always room for new work. */
  readonly overload?: { reasons(): string[] };
}

/** Why the gateway takes no sessions (`reasons`), and what somebody has to mend (`broken`), in sentences. */
export function wellness({ state, store, overload }: WellnessParts): { reasons(): string[]; broken(): string[] } {
  const damage = () => (isPosternError(store.failure, 'store.damaged') ? [store.failure.message] : []);
  return {
    broken: damage,
    reasons: () => [
      ...(state() === 'running' ? [] : [`the gateway is ${state()}`]),
      ...(store.failure === undefined || damage().length > 0 ? [] : [store.failure.message]),
      ...(overload?.reasons() ?? []),
    ],
  };
}
