/** PROCESS, one per node: the rules that lead to services, and the cluster's DNS. */
export { cleanupRules } from "./cleanup-rules.ts";
export { ProgramMissing } from "./host/run.ts";
export { keepPodRoutes } from "./pod-routes.ts";
export { type ProxyOptions, runProxy } from "./run-proxy.ts";
