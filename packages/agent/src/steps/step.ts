/**
 * A side concern of pods: what it prepares before the first container, what it adds to each container, what it takes
 * back at the end. The ordered list of them is steps.ts; a new concern is one file and one line there.
 */
import type { Container, Pod } from "@berth/api";
import type { ContainerSort } from "../pods/actions.ts";
import type { PodId } from "../pods/labels.ts";
import type { ContainerSpec } from "../runtime/container-spec.ts";
import type { User } from "./references.ts";

export interface PodStep {
	readonly name: string;
	/**
	 * Before the pod's first container, and again after the agent started anew: harmless when repeated. Throws StepError
	 * when the pod has to wait.
	 */
	prepare?(pod: PodScope): Promise<void>;
	/** Adds its share to the sandbox about to be created. */
	sandbox?(spec: ContainerSpec, pod: Pod): Promise<ContainerSpec> | ContainerSpec;
	/** Adds its share to a container about to be created. Throws StepError when the container has to wait. */
	container?(spec: ContainerSpec, scope: ContainerScope): Promise<ContainerSpec> | ContainerSpec;
	/** Before the limits of running containers change, and after: `pod` is as it is to be then. */
	resize?(pod: Pod, when: "before" | "after"): Promise<void>;
	/** The pod has ended and is kept: gives back what only containers need. As harmless as `release`. */
	clear?(pod: PodId): Promise<void>;
	/** Undoes all of `prepare`, from what is on disk alone; harmless when there is nothing. */
	release?(pod: PodId): Promise<void>;
}

export interface PodScope {
	readonly pod: Pod;
	/** Aborts when the pod need not start any more. */
	readonly signal: AbortSignal;
	/** For what is watched on behalf of the pod: changes prepare it again. */
	readonly user: User;
}

export interface ContainerScope {
	readonly pod: Pod;
	readonly container: Container;
	readonly sort: ContainerSort;
	readonly attempt: number;
	/** Addresses of the pod. */
	readonly podIps: readonly string[];
	readonly user: User;
	readonly signal: AbortSignal;
}

/** Why a pod or a container has to wait, in the words that its status and its events show. */
export class StepError extends Error {
	override readonly name = "StepError";
	/** Of the waiting container: `ErrImagePull`, `CreateContainerConfigError` … */
	readonly reason: string;
	/** Milliseconds until it is worth another try, doubling with each failure up to `most`. */
	readonly retry: { readonly first: number; readonly most: number };
	/** The image that could not be pulled. */
	readonly image: string | undefined;

	constructor(reason: string, message: string, retry = { first: 10_000, most: 10_000 }, image?: string) {
		super(message);
		this.reason = reason;
		this.retry = retry;
		this.image = image;
	}
}
