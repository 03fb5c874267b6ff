export { type KubeletConfiguration, kubeletConfiguration } from "./config/kubelet-configuration.ts";
export { type Certificates, openCertificates } from "./node/certificates/certificates.ts";
export { type RenewalOptions, renewCertificates } from "./node/certificates/renew-certificates.ts";
export type { AgentOptions } from "./options.ts";
export { runAgent } from "./run-agent.ts";
