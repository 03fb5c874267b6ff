/** Where a pod comes from: the API, or a file of this host. Pure. */
import type { Pod } from "@berth/api";

export const ORIGIN = {
	/** Of its manifest, as this host counts it: the pod's uid here. */
	hash: "kubernetes.io/config.hash",
	/** `file`, `api`. */
	source: "kubernetes.io/config.source",
	/** When its manifest was first read. */
	seen: "kubernetes.io/config.seen",
	/** Marks what the API has of such a pod: its image there, with the hash of what it shows. */
	mirror: "kubernetes.io/config.mirror",
} as const;

/** Runs without the API; its mirror, if any, is not the pod itself. */
export function isStatic({ metadata }: Pod): boolean {
	const source = metadata.annotations?.[ORIGIN.source];
	return source !== undefined && source !== "api";
}

export const isMirror = ({ metadata }: Pod): boolean => metadata.annotations?.[ORIGIN.mirror] !== undefined;
