import { writeFileSync } from "node:fs";
import { silentLogger } from "@berth/api";
import { createApiServer } from "./create-api-server.ts";

const log = {
	...silentLogger,
	error: (f: object, m: string) => console.error(m, f),
	warn: (f: object, m: string) => console.error(m, f),
};
const server = await createApiServer({ dataDir: "/tmp/reg-smoke/data", port: 0, log });
writeFileSync(
	"/tmp/reg-smoke/kubeconfig",
	await server.kubeconfig({ user: "admin", groups: ["system:masters"] }),
);
console.log("ready", server.url);
process.on("SIGTERM", () => server.close().then(() => process.exit(0)));
