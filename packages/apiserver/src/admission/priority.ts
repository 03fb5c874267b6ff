/** A pod's priority is its class's: the name is resolved once, when the pod is made. */
import { Pod, PriorityClass } from "@berth/api";
import type { Objects } from "../store/objects.ts";
import { type AdmissionPlugin, type AdmissionRequest, isAbout, refuse } from "./admission.ts";

export function priority(objects: Objects): AdmissionPlugin {
	const classes = () => objects.of<PriorityClass>(PriorityClass);
	const all = () =>
		classes()
			.list()
			.map(({ object }) => object);
	return {
		name: "Priority",
		admit: (request) => {
			if (!isAbout(request, Pod) || !request.object) return undefined;
			const pod = request.object as Pod;
			if (request.operation === "UPDATE") return withOldPriority(pod, request.old as Pod);
			if (request.operation !== "CREATE") return undefined;
			const name = pod.spec.priorityClassName;
			const found = name ? classes().get(name)?.object : defaultOf(all());
			if (name && !found) throw refuse(request, `no PriorityClass with name ${name} was found`);
			return withPriority(request, pod, found);
		},
		validate: (request) => {
			if (!isAbout(request, PriorityClass) || !request.object) return;
			if (!(request.object as PriorityClass).globalDefault) return;
			const present = defaultOf(all());
			if (!present || (request.operation === "UPDATE" && present.metadata.name === request.name)) return;
			throw refuse(
				request,
				`PriorityClass ${present.metadata.name} is already marked as default. Only one default can exist`,
			);
		},
	};
}

/** Of several defaults, which only a race can make, the least important. */
function defaultOf(classes: readonly PriorityClass[]): PriorityClass | undefined {
	const [first, ...others] = classes.filter(({ globalDefault }) => globalDefault);
	return first && others.reduce((least, next) => (next.value < least.value ? next : least), first);
}

function withPriority(request: AdmissionRequest, pod: Pod, found: PriorityClass | undefined): Pod {
	const { priority: given, preemptionPolicy: said } = pod.spec;
	const value = found?.value ?? 0;
	const policy = found?.preemptionPolicy ?? "PreemptLowerPriority";
	if (given !== undefined && given !== null && given !== value) {
		throw refuse(
			request,
			`the integer value of priority (${given}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
		);
	}
	if (said !== undefined && said !== null && said !== policy) {
		throw refuse(
			request,
			`the string value of PreemptionPolicy (${said}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`,
		);
	}
	const name = found ? { priorityClassName: found.metadata.name } : {};
	return { ...pod, spec: { ...pod.spec, ...name, priority: value, preemptionPolicy: policy } };
}

/** A PUT of a pod as its maker wrote it does not take away what was found out at its creation. */
function withOldPriority(pod: Pod, old: Pod): Pod | undefined {
	const { priority: value, preemptionPolicy } = pod.spec;
	if ((value ?? null) !== null && (preemptionPolicy ?? null) !== null) return undefined;
	return {
		...pod,
		spec: {
			...pod.spec,
			priority: value ?? old.spec.priority,
			preemptionPolicy: preemptionPolicy ?? old.spec.preemptionPolicy,
		},
	};
}
