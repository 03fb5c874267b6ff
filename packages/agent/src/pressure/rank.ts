/**
 * In which order pods go when their host runs short: first those that use more than they requested, among them the least
 * important, among these whoever is furthest above its request. Pure. Source: Node-pressure Eviction, pod selection.
 */
import { type Pod, podRequests } from "@berth/api";
import { isStatic } from "../static-pods/origin.ts";
import type { Signal } from "./thresholds.ts";

export interface Candidate {
	readonly pod: Pod;
	/** Bytes, bytes, inodes and processes of the whole pod. */
	readonly usage: {
		readonly memory: number;
		readonly disk: number;
		readonly inodes: number;
		readonly processes: number;
	};
}

/** Priority from which a pod is one that the cluster cannot do without. */
const CRITICAL = 2_000_000_000;

/** A host under pressure keeps these. */
export function isCritical(pod: Pod): boolean {
	// Nobody would bring a static pod back.
	return (pod.spec.priority ?? 0) >= CRITICAL || isStatic(pod);
}

/** The first one goes first; critical pods are left out. */
export function rank(signal: Signal, candidates: readonly Candidate[]): readonly Candidate[] {
	const scored = candidates
		.filter(({ pod }) => !isCritical(pod))
		.map((candidate) => ({
			candidate,
			priority: candidate.pod.spec.priority ?? 0,
			excess: excessOf(signal, candidate),
		}));
	// Processes are not requested: nobody exceeds.
	const exceeds = (excess: number) => (signal === "pid.available" ? 0 : Number(excess > 0));
	return scored
		.sort((a, b) => exceeds(b.excess) - exceeds(a.excess) || a.priority - b.priority || b.excess - a.excess)
		.map(({ candidate }) => candidate);
}

function excessOf(signal: Signal, { pod, usage }: Candidate): number {
	const { memory, ephemeral } = podRequests(pod.spec);
	switch (signal) {
		case "memory.available":
			return usage.memory - memory;
		case "pid.available":
			return usage.processes;
		case "nodefs.inodesFree":
		case "imagefs.inodesFree":
			return usage.inodes;
		default:
			return usage.disk - ephemeral;
	}
}
