export { type KubeletConfiguration, kubeletConfiguration } from "./config/kubelet-configuration.ts";
export type { AgentOptions } from "./options.ts";
export { runAgent } from "./run-agent.ts";
