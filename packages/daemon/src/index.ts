export { type Check, type HealthServer, type HealthServerOptions, healthServer } from "./health-server.ts";
export { createLogger, type LoggerOptions, type LogLevel } from "./logger.ts";
export { createMetrics } from "./metrics.ts";
export { createStopper, type Stopper, type StopperOptions } from "./stopper.ts";
export { type UntilSignal, type UntilSignalOptions, untilSignal } from "./until-signal.ts";
