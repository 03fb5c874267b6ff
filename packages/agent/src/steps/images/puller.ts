/** Images that pods need, of containers or as volumes: here, or pulled as their policy says. */
import { type Clock, type Pod, Secret } from "@berth/api";
import type { Client } from "@berth/client";
import type { EventRecorder } from "@berth/reconcile";
import { type ImageInfo, type Images, isRuntimeError } from "../../runtime/runtime.ts";
import { StepError } from "../step.ts";
import { credentialsFor } from "./credentials.ts";
import { type ImageReference, parseReference } from "./reference.ts";

export interface ImagePuller {
	/** Tells the pod's events what happens. Throws StepError with the reason that a container waits for. */
	ensure(wanted: WantedImage): Promise<{
		/** As the runtime knows it. */
		readonly name: string;
		readonly info: ImageInfo | undefined;
	}>;
}

export interface WantedImage {
	readonly pod: Pod;
	/** As the pod says. */
	readonly image: string;
	/** Default: IfNotPresent. */
	readonly policy?: string | undefined;
	/** The part of the pod that it is for, as events name it; absent: a volume. */
	readonly part?: string | undefined;
	readonly signal: AbortSignal;
}

export interface PullerOptions {
	readonly runtime: Images;
	readonly client: Client;
	readonly events: EventRecorder;
	readonly clock: Clock;
	/** One image is pulled at a time. */
	readonly serializeImagePulls: boolean;
}

/** Failed pulls wait ten seconds, doubling to five minutes. */
const PULL_RETRY = { first: 10_000, most: 300_000 };

export function createImagePuller(options: PullerOptions): ImagePuller {
	const { runtime, events } = options;
	const turn = options.serializeImagePulls ? oneByOne() : atOnce;
	return {
		async ensure(wanted) {
			const { pod, image, part, policy = "IfNotPresent", signal } = wanted;
			const reference = parseReference(image);
			if (!reference) {
				const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format`;
				events.warning(pod, "InspectFailed", message, part);
				throw new StepError("InvalidImageName", message, PULL_RETRY);
			}
			const name = reference.full;
			const present = policy === "Always" ? undefined : await runtime.image(image);
			if (present) {
				events.normal(pod, "Pulled", `Container image "${image}" already present on machine`, part);
				return { name, info: present };
			}
			if (policy === "Never") {
				const message = `Container image "${image}" is not present with pull policy of Never`;
				events.warning(pod, "ErrImageNeverPull", message, part);
				throw new StepError("ErrImageNeverPull", message);
			}
			const asked = options.clock.now();
			await turn(async () => {
				signal.throwIfAborted();
				// Somebody before us in the line may have brought it.
				if (policy !== "Always" && (await runtime.image(image))) {
					events.normal(pod, "Pulled", `Container image "${image}" already present on machine`, part);
				} else {
					await pull(options, wanted, { ...reference, asked });
				}
			});
			return { name, info: await runtime.image(name) };
		},
	};
}

async function pull(
	{ runtime, client, events, clock }: PullerOptions,
	{ pod, image, part, signal }: WantedImage,
	{ registry, full, asked }: ImageReference & { readonly asked: number },
): Promise<void> {
	events.normal(pod, "Pulling", `Pulling image "${image}"`, part);
	const begun = clock.now();
	try {
		const { namespace } = pod.metadata;
		const secrets = await Promise.all(
			(pod.spec.imagePullSecrets ?? []).map(({ name = "" }) =>
				// A pull may succeed without; if not, the registry's answer says what is missing.
				client.get(Secret, { namespace, name }, signal).catch(() => undefined),
			),
		);
		const found = secrets.filter((secret) => secret !== undefined);
		await runtime.pull(full, credentialsFor(registry, found), signal);
	} catch (error) {
		signal.throwIfAborted();
		if (!isRuntimeError(error, "pullFailed")) throw error;
		events.warning(pod, "Failed", `Failed to pull image "${image}": ${error.message}`, part);
		throw new StepError("ErrImagePull", error.message, PULL_RETRY, image);
	}
	const now = clock.now();
	const size = (await runtime.image(full))?.size ?? 0;
	events.normal(
		pod,
		"Pulled",
		`Successfully pulled image "${image}" in ${seconds(now - begun)} (${seconds(now - asked)} including waiting). Image size: ${size} bytes.`,
		part,
	);
}

const atOnce = <T>(work: () => Promise<T>): Promise<T> => work();

/** One pull at a time, in the order in which they were asked for: together they would all be late. */
function oneByOne() {
	let last: Promise<unknown> = Promise.resolve();
	return <T>(work: () => Promise<T>): Promise<T> => {
		const next = last.then(work, work);
		last = next.catch(() => {});
		return next;
	};
}

/** `1.2s`, `350ms`: as Go prints short durations. */
function seconds(milliseconds: number): string {
	const whole = Math.round(milliseconds);
	if (whole < 1_000) return `${whole}ms`;
	const minutes = Math.floor(whole / 60_000);
	return `${minutes > 0 ? `${minutes}m` : ""}${(whole % 60_000) / 1_000}s`;
}
