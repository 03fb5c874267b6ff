/** The steps of every pod, in order: the one place that lists them. They are released in reverse. */
import { join } from "node:path";
import type { Clock, Logger, RuntimeClass, Service } from "@berth/api";
import type { Client } from "@berth/client";
import type { EventRecorder } from "@berth/reconcile";
import type { Runtime } from "../runtime/runtime.ts";
import { envStep } from "./env/env.ts";
import { filesStep } from "./files/files.ts";
import { imagesStep } from "./images/images.ts";
import { createImagePuller } from "./images/puller.ts";
import type { PodDirectories } from "./pod-directory.ts";
import { createReferences } from "./references.ts";
import { resourcesStep } from "./resources/resources-step.ts";
import { runtimeClassStep } from "./resources/runtime-class.ts";
import { securityStep } from "./resources/security.ts";
import type { PodStep } from "./step.ts";
import { createTokens } from "./volumes/tokens.ts";
import { volumesStep } from "./volumes/volumes.ts";

export interface StepsOptions {
	readonly runtime: Runtime;
	readonly client: Client;
	readonly events: EventRecorder;
	readonly directories: PodDirectories;
	readonly dataDir: string;
	/** Undefined while they are not known. */
	readonly services: () => readonly Service[] | undefined;
	readonly allocatable: () => Readonly<Record<string, string>>;
	readonly hostIps: readonly string[];
	/** Processes of one pod; -1: no limit. */
	readonly podPidsLimit: number;
	/** One image is pulled at a time. */
	readonly serializeImagePulls: boolean;
	/** Containers that name no seccomp profile get the engine's default, not none. */
	readonly seccompDefault: boolean;
	/** As the API knows it. */
	readonly classOf: (name: string) => RuntimeClass | undefined;
	readonly clusterDns: string;
	readonly clusterDomain: string;
	readonly clock: Clock;
	readonly log: Logger;
}

export function createSteps(options: StepsOptions): readonly PodStep[] {
	const { runtime, client, clock, log, dataDir } = options;
	const shared = {
		...options,
		puller: createImagePuller(options),
		references: createReferences({ client, clock, log }),
		tokens: createTokens(client, clock),
	};
	return [
		imagesStep(shared),
		envStep(shared),
		filesStep(shared),
		volumesStep(shared),
		securityStep({ runtime, profiles: join(dataDir, "seccomp"), seccompDefault: options.seccompDefault }),
		runtimeClassStep(options),
		resourcesStep({ runtime, log, podPidsLimit: options.podPidsLimit }),
	];
}
