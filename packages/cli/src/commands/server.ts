/** `berth server` and `berth apiserver`: the control plane, whole or its front door alone. */
import type { Logger } from "@berth/api";
import type { ApiServer } from "@berth/apiserver";
import { Command } from "commander";
import { ensureDataDirectory } from "../data-directory.ts";
import { type ControllersOptions, withControllersOptions } from "./controllers.ts";
import { type ProcessOptions, runProcess, withProcessOptions } from "./process-options.ts";
import { type ApiServerOptions, withApiServerOptions } from "./server-options.ts";

export function serverCommand(): Command {
	const command = new Command("server").description(
		"the control plane: API server, scheduler and controllers in one process",
	);
	return withProcessOptions(withControllersOptions(withApiServerOptions(command))).action(server);
}

export function apiserverCommand(): Command {
	const command = new Command("apiserver").description("the API server alone");
	return withProcessOptions(withApiServerOptions(command)).action(apiserver);
}

async function server(options: ApiServerOptions & ControllersOptions & ProcessOptions): Promise<void> {
	ensureDataDirectory(options.dataDir);
	await runProcess("berth server", options, async ({ log, signal }) => {
		const { controlPlaneParts, runApiServer } = await import("../compose/run-control-plane.ts");
		const settings = {
			...options,
			extraSans: options.san,
			nodeGracePeriod: options.nodeGracePeriod * 1_000,
			log,
		};
		await runApiServer(
			settings,
			(api) => [
				announce(api.url, options),
				...podReach(api, options, log),
				...controlPlaneParts(api, settings),
			],
			signal,
		);
	});
}

async function apiserver(options: ApiServerOptions & ProcessOptions): Promise<void> {
	ensureDataDirectory(options.dataDir);
	await runProcess("berth apiserver", options, async ({ log, signal }) => {
		const { runApiServer } = await import("../compose/run-control-plane.ts");
		await runApiServer(
			{ ...options, extraSans: options.san, log },
			(api) => [announce(api.url, options), ...podReach(api, options, log)],
			signal,
		);
	});
}

/** A server that only this machine reaches has no nodes elsewhere, and leaves the machine's routes alone. */
function podReach(api: ApiServer, { bindAddress }: ApiServerOptions, log: Logger) {
	if (bindAddress === "::1" || bindAddress.startsWith("127.")) return [];
	return [
		async (signal: AbortSignal) => {
			const { reachPods } = await import("../compose/reach-pods.ts");
			await reachPods(api, log, signal);
		},
	];
}

/** One line for whoever waits for it. */
function announce(url: string, { kubeconfig, dataDir }: ApiServerOptions) {
	return async () => {
		const next = kubeconfig
			? `kubectl --kubeconfig ${kubeconfig} get all`
			: `berth kubeconfig --data-dir ${dataDir} makes a kubeconfig`;
		console.log(`berth is ready at ${url}; ${next}`);
	};
}
