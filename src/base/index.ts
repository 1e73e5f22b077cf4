export { type Backoff, fullJitter } from './backoff.js';
export { type Clock, ManualClock, type Milliseconds, systemClock, type Timer } from './clock.js';
export { Counters } from './counters.js';
export type {
  DmClient,
  DmClientFactory,
  DmHandler,
  DmPoll,
  DmPollHandler,
  DmPost,
  DmReply,
  DmRequest,
  DmResponse,
} from './dm-wire.js';
export { type Entropy, systemEntropy } from './entropy.js';
export { type ErrorCode, type ErrorDetails, type ErrorEntry, errorTable, isPosternError, PosternError } from './errors.js';
export { type Complaint, LimitedLog } from './limited-log.js';
export { type Log, silentLog } from './log.js';
export { type LogField, type LogFieldEntry, type LogFields, logFieldTable } from './log-fields.js';
export { type KnownPlaces, LoginLimit, type LoginSettings, retryAfter } from './login-limit.js';
export { countMet, type MetLimit, metLimits } from './met-limits.js';
export { type CounterName, type GaugeName, type MetricEntry, type MetricName, type MetricSample, metricTable } from './metrics.js';
export { Opened } from './opened.js';
export { type NewWork, type Overload, type OverloadLevel, overloadedRetryAfter } from './overload.js';
export { createProgramLog, type LogOptions, type ProgramLog } from './program-log.js';
export { RecentlyUsed } from './recently-used.js';
export { SourceLimit } from './source-limit.js';
export { SteadyClock } from './steady-clock.js';
