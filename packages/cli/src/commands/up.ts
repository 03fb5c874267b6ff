/** `berth up`: a whole cluster on this machine, with its own Docker, in one process. */
import type { Logger } from "@berth/api";
import type { ApiServer } from "@berth/apiserver";
import { Command } from "commander";
import { ensureDataDirectory } from "../data-directory.ts";
import { withControllersOptions } from "./controllers.ts";
import { type NodeOptions, withClusterOptions, withHostOptions } from "./node-options.ts";
import { type ProcessOptions, runProcess, withProcessOptions } from "./process-options.ts";
import { type ApiServerOptions, type ControllersOptions, withApiServerOptions } from "./server-options.ts";

type Options = ApiServerOptions & ControllersOptions & NodeOptions & ProcessOptions;

export function upCommand(): Command {
	const base = new Command("up").description("a cluster on this one machine, with the Docker it has");
	const whole = withClusterOptions(
		withHostOptions(
			withControllersOptions(
				withApiServerOptions(base, { bindAddress: "0.0.0.0", kubeconfig: "/var/lib/berth/admin.kubeconfig" }),
			),
		),
	);
	return withProcessOptions(whole).action(up);
}

async function up(options: Options): Promise<void> {
	const [{ requireNodeMachine }, { addressTowards }] = await Promise.all([
		import("../machine/machine.ts"),
		import("../machine/own-address.ts"),
	]);
	await requireNodeMachine("berth up", options.dockerSocket);
	ensureDataDirectory(options.dataDir);
	const addresses = options.address ?? [await addressTowards()];
	await runProcess("berth up", options, async ({ log, signal }) => {
		const { controlPlaneParts, runApiServer } = await import("../compose/run-control-plane.ts");
		const settings = {
			...options,
			advertiseAddress: options.advertiseAddress ?? addresses[0],
			extraSans: options.san,
			nodeGracePeriod: options.nodeGracePeriod * 1_000,
			log,
		};
		await runApiServer(
			settings,
			(server) => [
				...controlPlaneParts(server, settings),
				(stop) => node({ server, options, addresses, log }, stop),
				(stop) => announce(server, options, stop),
			],
			signal,
		);
	});
}

interface NodeInside {
	readonly server: ApiServer;
	readonly options: Options;
	readonly addresses: readonly string[];
	readonly log: Logger;
}

async function node({ server, options, addresses, log }: NodeInside, signal: AbortSignal): Promise<void> {
	const [{ runNode }, { createClient }, { openPki }] = await Promise.all([
		import("../compose/run-node.ts"),
		import("@berth/client"),
		import("@berth/apiserver"),
	]);
	const user = { username: `system:node:${options.name}`, groups: ["system:nodes", "system:authenticated"] };
	const pki = await openPki(options.dataDir);
	const { certificatePem, keyPem } = await pki.nodeCertificate({ name: options.name, addresses });
	const settings = {
		...options,
		client: createClient(server.transport(user), { fieldManager: "kubelet" }),
		addresses,
		tls: { certificate: certificatePem, key: keyPem, ca: pki.caPem },
		port: options.agentPort,
		dataDir: options.agentDir,
		resolvers: options.resolver,
		log,
	};
	await runNode(settings, ["proxy", "agent"], signal);
}

/** One line for whoever waits for it, once pods can run. */
async function announce(
	server: ApiServer,
	{ name, kubeconfig }: Options,
	signal: AbortSignal,
): Promise<void> {
	const [{ Node, systemClock }, { createClient }] = await Promise.all([
		import("@berth/api"),
		import("@berth/client"),
	]);
	const client = createClient(server.transport({ username: "system:apiserver", groups: ["system:masters"] }));
	while (!signal.aborted) {
		const found = await client.get(Node, { name }).catch(() => undefined);
		if (found?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True")) {
			const hint = kubeconfig ? `; kubectl --kubeconfig ${kubeconfig} get nodes` : "";
			console.log(`berth is ready at ${server.url}, with this machine as node ${name}${hint}`);
			return;
		}
		await systemClock.sleep(100, signal);
	}
}
