/** `berth lab up`: hosts, switch, control plane and agents, to the point where every node is Ready. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { Failure } from "../failure.ts";
import { controlOf, workersOf } from "../lab/plan.ts";
import { writePrivateFile } from "../private-file.ts";
import { addressOf, type LabOptions, labSubcommand } from "./lab-options.ts";
import { several } from "./values.ts";

interface UpOptions extends LabOptions {
	readonly hosts: string;
	readonly kubeconfig?: string;
	readonly serverOption?: readonly string[];
	readonly nodeOption?: readonly string[];
}

export function labUpCommand(): Command {
	return labSubcommand("up", "make a lab and wait until its nodes are Ready; again, to mend or to grow it")
		.option("--hosts <number>", "hosts beside `control`", "3")
		.option("--kubeconfig <file>", "where to write the administrator's kubeconfig")
		.option(
			"--server-option <option>",
			'one more for `berth server`: "--node-grace-period=10s"; may be repeated',
			several,
		)
		.option(
			"--node-option <option>",
			'one more for `berth node` on every host, where this clone is /run/berth/code: "--agent-config=/run/berth/code/FILE"; may be repeated',
			several,
		)
		.action(up);
}

async function up(options: UpOptions): Promise<void> {
	const [{ runSteps }, lab, cluster, { bootHost }, { ensureSwitch }] = await Promise.all([
		import("../progress.ts"),
		import("../lab/lab.ts"),
		import("../lab/cluster.ts"),
		import("../lab/host.ts"),
		import("../lab/switch.ts"),
	]);
	const hosts = Number(options.hosts);
	if (!Number.isInteger(hosts)) throw new Failure(`--hosts takes a number, not "${options.hosts}"`);
	await lab.requireLabMachine();
	const plan = await lab.openOrPlanLab(addressOf(options), {
		hosts,
		serverOptions: options.serverOption,
		nodeOptions: options.nodeOption,
	});
	const control = controlOf(plan);
	const workers = workersOf(plan);

	const own = cluster.adminKubeconfig(plan);
	const kubeconfig = options.kubeconfig ? resolve(options.kubeconfig) : own;

	await runSteps([
		{ title: `Switch ${plan.switch}, this machine at ${plan.gateway}`, run: () => ensureSwitch(plan) },
		{
			title: "Hosts",
			together: () =>
				plan.hosts.map((host) => ({
					title: `${host.name} at ${host.address}`,
					run: async (report) => {
						report("booting");
						await bootHost(plan, host);
						const daemon = host === control ? "server" : "docker";
						report(`starting ${daemon}`);
						await cluster.startAndWait(plan, host, daemon);
					},
				})),
		},
		{
			title: `Kubeconfig ${kubeconfig}`,
			run: async () => {
				if (kubeconfig !== own) writePrivateFile(kubeconfig, readFileSync(own, "utf8"));
			},
		},
		{
			title: "Agents",
			together: () =>
				workers.map((host) => ({
					title: `berth node on ${host.name}`,
					run: () => cluster.startAndWait(plan, host, "agent"),
				})),
		},
		{ title: "Nodes are Ready", run: () => cluster.waitForNodes(plan) },
	]);
	console.log(`\nexport KUBECONFIG=${kubeconfig}`);
}
