/** `berth scheduler`: the scheduler alone, over HTTPS; of several processes one works at a time. */
import { Command } from "commander";
import { type ProcessOptions, runProcess, withProcessOptions } from "./process-options.ts";

export function schedulerCommand(): Command {
	const command = new Command("scheduler")
		.description("the scheduler alone; several may be started, one works at a time")
		.option(
			"--kubeconfig <file>",
			"the cluster, as system:kube-scheduler or an administrator (default: $KUBECONFIG)",
		);
	return withProcessOptions(command).action(scheduler);
}

async function scheduler(options: ProcessOptions & { readonly kubeconfig?: string }): Promise<void> {
	await runProcess("berth scheduler", options, async ({ log, signal }) => {
		const [{ systemClock }, { runLed }, { runSchedulerAlone }] = await Promise.all([
			import("@berth/api"),
			import("../compose/run-led.ts"),
			import("../compose/run-scheduler.ts"),
		]);
		await runLed(
			{ name: "berth-scheduler", kubeconfig: options.kubeconfig, log, signal },
			({ client }, term) => runSchedulerAlone({ client, clock: systemClock, log }, term),
		);
	});
}
