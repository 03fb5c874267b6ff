export { createLogger, type LoggerOptions, type LogLevel } from "./logger.ts";
export { createMetrics } from "./metrics.ts";
export { type UntilSignal, type UntilSignalOptions, untilSignal } from "./until-signal.ts";
