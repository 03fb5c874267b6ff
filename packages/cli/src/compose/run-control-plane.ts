/** The control plane in one process: API server, scheduler and controllers, each with its own identity. */
import { type Logger, systemClock, type UserInfo } from "@berth/api";
import { type ApiServer, createApiServer } from "@berth/apiserver";
import { createClient } from "@berth/client";
import { recordServerAddress } from "../data-directory.ts";
import { Failure } from "../failure.ts";
import { portFailure } from "../machine/machine.ts";
import { writePrivateFile } from "../private-file.ts";
import { CONTROLLER_MANAGER, controllerIdentity, SCHEDULER } from "./identities.ts";
import { runTogether } from "./run-together.ts";

export interface ApiServerSettings {
	readonly dataDir: string;
	readonly port: number;
	readonly bindAddress: string;
	readonly advertiseAddress?: string | undefined;
	readonly serviceCidr: string;
	/** Further names and addresses under which clients reach the API server. */
	readonly extraSans?: readonly string[] | undefined;
	/** Where the administrator's kubeconfig is written once the server is ready. */
	readonly kubeconfig?: string | undefined;
	readonly log: Logger;
}

export interface ControlPlaneSettings extends ApiServerSettings {
	readonly podCidr: string;
	/** Milliseconds of silence after which a node is not ready. */
	readonly nodeGracePeriod: number;
}

type Part = (signal: AbortSignal) => Promise<unknown>;

/**
 * Serves until the signal aborts, with `parts` beside the server that end before it does. Throws a Failure for what a
 * person can mend: a port that is taken, a directory that is in use.
 */
export async function runApiServer(
	settings: ApiServerSettings,
	parts: (server: ApiServer) => readonly Part[],
	signal: AbortSignal,
): Promise<void> {
	const server = await open(settings);
	try {
		recordServerAddress(settings.dataDir, server.url);
		if (settings.kubeconfig !== undefined) {
			const kubeconfig = await server.kubeconfig({ user: "admin", groups: ["system:masters"] });
			writePrivateFile(settings.kubeconfig, kubeconfig);
		}
		await runTogether([untilAborted, ...parts(server)], signal);
	} finally {
		await server.close();
	}
}

/** Scheduler and controllers of a server in the same process. */
export function controlPlaneParts(server: ApiServer, settings: ControlPlaneSettings): readonly Part[] {
	const { log } = settings;
	// All controllers are one program to whoever looks at managedFields.
	const clientOf = (user: UserInfo, fieldManager = "kube-controller-manager") =>
		createClient(server.transport(user), { fieldManager });
	return [
		async (signal) => {
			const { runControllers } = await import("./run-controllers.ts");
			await runControllers(
				{
					reader: clientOf(CONTROLLER_MANAGER),
					writer: (name) => clientOf(controllerIdentity(name)),
					rootCa: server.caPem,
					podCidr: settings.podCidr,
					nodeGracePeriod: settings.nodeGracePeriod,
					log,
				},
				signal,
			);
		},
		async (signal) => {
			const { runSchedulerAlone } = await import("./run-scheduler.ts");
			await runSchedulerAlone(
				{ client: clientOf(SCHEDULER, "kube-scheduler"), clock: systemClock, log },
				signal,
			);
		},
	];
}

async function open(settings: ApiServerSettings): Promise<ApiServer> {
	try {
		return await createApiServer(settings);
	} catch (error) {
		if (error instanceof Error && error.name === "DirectoryInUse") {
			throw new Failure(error.message, "two servers cannot share a --data-dir", error);
		}
		throw portFailure(error, { address: settings.bindAddress, port: settings.port, flag: "--port" });
	}
}

const untilAborted: Part = (signal) =>
	new Promise<void>((resolve) => {
		if (signal.aborted) resolve();
		signal.addEventListener("abort", () => resolve(), { once: true });
	});
