/**
 * A kind of volume: where its files are on this host, and what has to be done before they are there. A new kind is one
 * file and one line in kinds.ts; what persistent volumes are made of is listed in persistent-kinds.ts.
 */
import type { Volume } from "@berth/api";
import type { PodId } from "../../pods/labels.ts";
import type { PodScope } from "../step.ts";

export interface VolumeKind {
	/** Whether a pod's volume is of this kind. */
	applies(volume: Volume): boolean;
	/**
	 * Makes the volume, or brings it up to date; harmless when repeated, also after a crash half way. Answers with a path of
	 * the host when the files are elsewhere than in the volume's directory. Throws with what is missing.
	 */
	setUp(request: VolumeRequest): Promise<string | undefined>;
	/** Containers cannot write to it, whatever their mounts say. */
	readOnly(volume: Volume): boolean;
	/** It is made when a container is about to be, not with the pod. */
	readonly late?: boolean | undefined;
	/** The exact image that it is of, as statuses show it. */
	imageOf?(volume: Volume, directory: string): Promise<string | undefined>;
	/** Takes back what is neither in the pod's directory nor mounted below it; from disk alone. */
	release?(pod: PodId, directory: string): Promise<void>;
}

export interface VolumeRequest {
	readonly volume: Volume;
	readonly scope: PodScope;
	/** `…/pods/UID/volumes/NAME`; its parent exists. Whatever is mounted at or below it is taken back with the pod. */
	readonly directory: string;
}

/** A failure that says for itself what was tried; the others are failures of `MountVolume.SetUp`. */
export class VolumeError extends Error {
	override readonly name = "VolumeError";
}
