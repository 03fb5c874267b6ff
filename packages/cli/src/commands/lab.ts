/** `berth lab …`: a cluster of several hosts on this one machine, for trying and testing what needs more than one. */
import { resolve } from "node:path";
import process from "node:process";
import { Command } from "commander";
import { Failure } from "../failure.ts";
import { type Daemon, daemonsOf, hostOf, workersOf } from "../lab/plan.ts";
import { addressOf, type LabOptions, labSubcommand } from "./lab-options.ts";
import { labUpCommand } from "./lab-up.ts";

const SHELL_HINT = `
Examples:
  berth lab up --hosts 3 --kubeconfig lab.kubeconfig
  berth lab load-image berth/hello:1
  berth lab exec host-1 -- docker ps
  berth lab kill host-2; berth lab start host-2
  berth lab down`;

export function labCommand(): Command {
	const command = new Command("lab")
		.enablePositionalOptions()
		.description("a cluster of several hosts on this one machine, in network namespaces with a dockerd each")
		.addHelpText("after", SHELL_HINT);
	for (const subcommand of [
		labUpCommand(),
		exec(),
		kill(),
		start(),
		cable("cut", "down", "pull a host's network cable"),
		cable("heal", "up", "put the network cable back"),
		restart("agent", "restart the agent and proxy; all hosts' when none is named"),
		restart("docker", "restart dockerd; all hosts' when none is named"),
		restart("server", "restart the control plane"),
		loadImage(),
		status(),
		logs(),
		down(),
	]) {
		command.addCommand(subcommand);
	}
	return command;
}

function exec(): Command {
	return labSubcommand(
		"exec <host> [command...]",
		"run a command in a host's namespaces; a shell when none is given",
	)
		.passThroughOptions()
		.action(async (name: string, words: readonly string[], options: LabOptions) => {
			const [{ plan, inside }, { runHere }] = await Promise.all([open(options), import("../machine/run.ts")]);
			const [first = "bash", ...rest] = words[0] === "--" ? words.slice(1) : words;
			// The way back to the directory that this was called in, where the host has it too.
			const here = ["sh", "-c", 'cd "$0" 2>/dev/null; exec "$@"', process.cwd()] as const;
			process.exitCode = await runHere(inside(hostOf(plan, name), "exec", [...here, first, ...rest]));
		});
}

function kill(): Command {
	return labSubcommand("kill <host...>", "cut the power: everything on the host is dead at once").action(
		async (names: readonly string[], options: LabOptions) => {
			const { plan, killHost } = await open(options);
			await Promise.all(names.map((name) => killHost(plan, hostOf(plan, name))));
		},
	);
}

function start(): Command {
	return labSubcommand("start <host...>", "boot a killed host with the disk it had, and its daemons").action(
		async (names: readonly string[], options: LabOptions) => {
			const { plan, bootHost } = await open(options);
			const [{ startDaemons }, { runSteps }] = await Promise.all([
				import("../lab/cluster.ts"),
				import("../progress.ts"),
			]);
			const hosts = names.map((name) => hostOf(plan, name));
			await runSteps([
				{
					title: `Start ${names.join(", ")}`,
					together: () =>
						hosts.map((host) => ({
							title: host.name,
							run: async () => {
								await bootHost(plan, host);
								await startDaemons(plan, host);
							},
						})),
				},
			]);
		},
	);
}

function cable(verb: string, state: "up" | "down", description: string): Command {
	return labSubcommand(`${verb} <host...>`, description).action(
		async (names: readonly string[], options: LabOptions) => {
			const { plan, setCableOf } = await open(options);
			for (const name of names) await setCableOf(plan, hostOf(plan, name), state);
		},
	);
}

interface RestartOptions extends LabOptions {
	readonly signal: string;
	readonly pause: string;
}

function restart(daemon: Daemon, description: string): Command {
	return labSubcommand(`restart-${daemon}${daemon === "server" ? "" : " [host...]"}`, description)
		.option("--signal <name>", "TERM for an ordered stop, KILL for a sudden one", "TERM")
		.option("--pause <seconds>", "time between the end and the new start", "0")
		.action(async (...args: unknown[]) => {
			const [names, options] = (daemon === "server" ? [[], args[0]] : args) as [
				readonly string[],
				RestartOptions,
			];
			const signal = `SIG${options.signal.toUpperCase().replace(/^SIG/, "")}`;
			if (signal !== "SIGTERM" && signal !== "SIGKILL") throw new Failure("--signal takes TERM or KILL");
			const pause = Number(options.pause) * 1000;
			if (!(pause >= 0)) throw new Failure(`--pause takes seconds, not "${options.pause}"`);
			const { plan } = await open(options);
			const { restartDaemon } = await import("../lab/cluster.ts");
			const hosts = names.length
				? names.map((name) => hostOf(plan, name))
				: plan.hosts.filter((host) => daemonsOf(host).includes(daemon));
			for (const host of hosts) {
				if (!daemonsOf(host).includes(daemon)) throw new Failure(`${host.name} has no ${daemon}`);
			}
			await Promise.all(hosts.map((host) => restartDaemon(plan, host, { daemon, signal, pause })));
		});
}

function loadImage(): Command {
	return labSubcommand("load-image <image...>", "load images into hosts' Docker")
		.description("load images into hosts' Docker: archives of `docker save`, or names of images made here")
		.option("--hosts <names>", "which hosts, separated by commas (default: all)")
		.action(async (images: readonly string[], options: LabOptions & { readonly hosts?: string }) => {
			const { plan, inside } = await open(options);
			const [{ makeImage }, { run }, { runSteps }] = await Promise.all([
				import("../images/images.ts"),
				import("../machine/run.ts"),
				import("../progress.ts"),
			]);
			const hosts = options.hosts?.split(",").map((name) => hostOf(plan, name)) ?? workersOf(plan);
			await runSteps(
				images.map((image) => ({
					title: `Load ${image}`,
					run: async (report) => {
						const made = image.endsWith(".tar")
							? resolve(image)
							: makeImage(image, `${plan.directory}/images`);
						const archive = await made;
						report(hosts.map((host) => host.name).join(", "));
						await Promise.all(
							hosts.map((host) =>
								run(inside(host, "exec", ["docker", "load", "--quiet"]), { input: archive }),
							),
						);
					},
				})),
			);
		});
}

function status(): Command {
	return labSubcommand("status", "what is up, cut off or dead").action(async (options: LabOptions) => {
		const { plan } = await open(options);
		const [{ labStatus }, { renderStatus }] = await Promise.all([
			import("../lab/lab.ts"),
			import("../lab/render-status.ts"),
		]);
		console.log(renderStatus(await labStatus(plan)));
	});
}

function logs(): Command {
	return labSubcommand("logs <host> [daemon]", "what a host's agent, docker or server has logged")
		.option("-f, --follow", "go on as more is logged")
		.option("-n, --tail <lines>", "how many of the last lines", "+1")
		.action(
			async (
				name: string,
				daemon: string | undefined,
				options: LabOptions & { readonly follow?: boolean; readonly tail: string },
			) => {
				const { plan } = await open(options);
				const [{ logFile }, { runHere }] = await Promise.all([
					import("../lab/daemons.ts"),
					import("../machine/run.ts"),
				]);
				const host = hostOf(plan, name);
				const known = daemonsOf(host);
				const wanted = known.find((each) => each === (daemon ?? known.at(-1)));
				if (!wanted) throw new Failure(`${host.name} has no "${daemon}"; it has ${known.join(" and ")}`);
				const follow = options.follow ? ["-F"] : [];
				process.exitCode = await runHere(["tail", "-n", options.tail, ...follow, logFile(host, wanted)]);
			},
		);
}

function down(): Command {
	return labSubcommand("down", "remove the lab: processes, networks, files, everything").action(
		async (options: LabOptions) => {
			const [{ downLab, requireLabMachine }, { runSteps }] = await Promise.all([
				import("../lab/lab.ts"),
				import("../progress.ts"),
			]);
			await requireLabMachine();
			await runSteps([
				{
					title: "Remove the lab",
					run: async (report) => {
						if (!(await downLab(addressOf(options)))) report("there was none");
					},
				},
			]);
		},
	);
}

/** The lab that the options name, and what acts on its hosts. Loaded here so that other commands start without it. */
async function open(options: LabOptions) {
	const [{ openLab, requireLabMachine }, host] = await Promise.all([
		import("../lab/lab.ts"),
		import("../lab/host.ts"),
	]);
	await requireLabMachine();
	return { plan: openLab(addressOf(options)), ...host };
}
