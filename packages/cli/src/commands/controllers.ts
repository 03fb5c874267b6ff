/** `berth controllers`: the controllers alone, over HTTPS; of several processes one works at a time. */
import { Command } from "commander";
import { type ProcessOptions, runProcess, withProcessOptions } from "./process-options.ts";
import type { ControllersOptions } from "./server-options.ts";
import { cidr, duration } from "./values.ts";

export type { ControllersOptions };

export function withControllersOptions(command: Command): Command {
	return command
		.option("--pod-cidr <range>", "addresses of pods; every node has a share", cidr, "10.244.0.0/16")
		.option("--node-grace-period <time>", "silence after which a node is not ready", duration, 40);
}

export function controllersCommand(): Command {
	const command = new Command("controllers")
		.description("the controllers alone; several may be started, one works at a time")
		.option("--kubeconfig <file>", "the cluster, with an administrator's rights (default: $KUBECONFIG)");
	return withProcessOptions(withControllersOptions(command)).action(controllers);
}

async function controllers(
	options: ControllersOptions & ProcessOptions & { readonly kubeconfig?: string },
): Promise<void> {
	await runProcess("berth controllers", options, async ({ log, signal }) => {
		const [{ runLed }, { runControllers }] = await Promise.all([
			import("../compose/run-led.ts"),
			import("../compose/run-controllers.ts"),
		]);
		await runLed(
			{ name: "berth-controllers", kubeconfig: options.kubeconfig, log, signal },
			(connected, term) =>
				runControllers(
					{
						reader: connected.client,
						writer: () => connected.client,
						rootCa: connected.credentials.ca ?? "",
						podCidr: options.podCidr,
						nodeGracePeriod: options.nodeGracePeriod * 1_000,
						log,
					},
					term,
				),
		);
	});
}
