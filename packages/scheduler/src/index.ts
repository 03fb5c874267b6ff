export { type Cluster, createCluster } from "./cluster/cluster.ts";
export { type PodInfo, podInfo } from "./cluster/pod-info.ts";
export { type Preemption, type PreemptionQuestion, preempt } from "./preemption/preempt.ts";
export { runScheduler, type SchedulerEnvironment } from "./run-scheduler.ts";
export { explain, type Refusal, schedule, type Verdict } from "./schedule.ts";
