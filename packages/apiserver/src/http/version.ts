/** /version: what clients check their own age against. */
import process from "node:process";

/** The Kubernetes release whose API is served. */
export const KUBERNETES_VERSION = "1.36.0";
const BERTH = "0.1.0";

const GO_ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

export const versionInfo = (): object => ({
	major: "1",
	minor: "36",
	gitVersion: `v${KUBERNETES_VERSION}+berth.${BERTH}`,
	gitCommit: "",
	gitTreeState: "clean",
	buildDate: "1970-01-01T00:00:00Z",
	goVersion: "",
	compiler: `node ${process.versions.node}`,
	platform: `${process.platform}/${GO_ARCHITECTURES[process.arch] ?? process.arch}`,
});
