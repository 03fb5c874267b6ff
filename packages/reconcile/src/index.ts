export * from "./controller.ts";
export { createEventRecorder, type EventRecorderOptions } from "./event-recorder.ts";
export * from "./events.ts";
export { type LeaderOptions, runLeader } from "./leader.ts";
export * from "./own-writes.ts";
export { type ControllerMetrics, type Outcome, type RunOptions, runController } from "./run-controller.ts";
