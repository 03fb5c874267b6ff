/** Requests, limits and the pod's control group. */
import type { Logger } from "@berth/api";
import type { ContainerSpec } from "../../runtime/container-spec.ts";
import type { Runtime, RuntimeInfo } from "../../runtime/runtime.ts";
import type { PodStep } from "../step.ts";
import { type Cgroups, createCgroups } from "./cgroups.ts";
import { resourcesOf } from "./resources.ts";

export interface ResourcesOptions {
	readonly runtime: Runtime;
	/** Processes of one pod; -1: no limit. */
	readonly podPidsLimit: number;
	readonly log: Logger;
}

export function resourcesStep({ runtime, podPidsLimit, log }: ResourcesOptions): PodStep {
	let known: { readonly info: RuntimeInfo; readonly cgroups: Cgroups } | undefined;
	/** The engine does not change its driver while pods run. */
	const engine = async () => {
		const info = known?.info ?? (await runtime.info());
		known ??= { info, cgroups: createCgroups({ info, pids: podPidsLimit, log }) };
		return known;
	};
	const within = (spec: ContainerSpec, cgroups: Cgroups, uid: string): ContainerSpec => ({
		...spec,
		resources: { ...spec.resources, cgroupParent: cgroups.parentOf(uid) },
	});
	return {
		name: "resources",
		async prepare({ pod }) {
			await (await engine()).cgroups.make(pod, "exact");
		},
		async sandbox(spec, pod) {
			return within(spec, (await engine()).cgroups, pod.metadata.uid);
		},
		async container(spec, { pod, container }) {
			const { info, cgroups } = await engine();
			// It may have been given more since its group was made.
			await cgroups.make(pod, "widen");
			const resources = { ...spec.resources, ...resourcesOf(pod, container, info.memory) };
			return within({ ...spec, resources }, cgroups, pod.metadata.uid);
		},
		async resize(pod, when) {
			await (await engine()).cgroups.make(pod, when === "before" ? "widen" : "exact");
		},
		async release({ uid }) {
			await (await engine()).cgroups.remove(uid);
		},
	};
}
