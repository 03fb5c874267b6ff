export { runScheduler, type SchedulerEnvironment } from "./run-scheduler.ts";
