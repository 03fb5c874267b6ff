/** Limit ranges: containers get a namespace's defaults, and what is outside its limits is refused. */
import { type Container, LimitRange, PersistentVolumeClaim, Pod } from "@berth/api";
import type { Objects } from "../store/objects.ts";
import { type AdmissionPlugin, type AdmissionRequest, isAbout, refuse } from "./admission.ts";
import { claimProblems, podProblems } from "./limits.ts";

const ANNOTATION = "kubernetes.io/limit-ranger";

export function limitRanger(objects: Objects): AdmissionPlugin {
	const rangesIn = (namespace: string | undefined) =>
		objects
			.of<LimitRange>(LimitRange)
			.list(namespace)
			.map(({ object }) => object);
	return {
		name: "LimitRanger",
		admit: (request) => {
			if (!isNewPod(request)) return undefined;
			const ranges = rangesIn(request.namespace);
			return ranges.length ? ranges.reduce(withDefaults, request.object as Pod) : undefined;
		},
		validate: (request) => {
			const { object, namespace } = request;
			const isClaim = isAbout(request, PersistentVolumeClaim) && request.operation !== "DELETE";
			if (
				!object ||
				object.metadata.deletionTimestamp ||
				!(isClaim || isNewPod(request) || isResize(request))
			)
				return;
			for (const range of rangesIn(namespace)) {
				const problems = isClaim
					? claimProblems(range, object as PersistentVolumeClaim)
					: podProblems(range, object as Pod);
				if (problems.length === 1) throw refuse(request, problems[0] ?? "");
				if (problems.length) throw refuse(request, `[${problems.join(", ")}]`);
			}
		},
	};
}

/** What a pod's containers have changes by no other update. */
const isResize = ({ kind, subresource }: AdmissionRequest): boolean =>
	kind === Pod && subresource === "resize";

const isNewPod = (request: AdmissionRequest): boolean =>
	isAbout(request, Pod) && request.operation === "CREATE" && request.object !== undefined;

type Amounts = Readonly<Record<string, string>>;

function withDefaults(pod: Pod, { spec: { limits = [] } }: LimitRange): Pod {
	const items = limits.filter(({ type }) => type === "Container");
	const defaults = {
		requests: Object.assign({}, ...items.map((item) => item.defaultRequest)) as Amounts,
		limits: Object.assign({}, ...items.map((item) => item.default)) as Amounts,
	};
	const told: string[] = [];
	const complete = (containers: readonly Container[], what: string) =>
		containers.map((container) =>
			completed(container, defaults, (text) => told.push(`${text} for ${what} ${container.name}`)),
		);
	const containers = complete(pod.spec.containers ?? [], "container");
	const initContainers = complete(pod.spec.initContainers ?? [], "init container");
	if (told.length === 0) return pod;
	const annotations = {
		...pod.metadata.annotations,
		[ANNOTATION]: `LimitRanger plugin set: ${told.join("; ")}`,
	};
	return {
		...pod,
		metadata: { ...pod.metadata, annotations },
		spec: { ...pod.spec, containers, ...(initContainers.length ? { initContainers } : {}) },
	};
}

/** `tell` gets what was filled in: `cpu, memory request`. */
function completed(
	container: Container,
	defaults: { readonly requests: Amounts; readonly limits: Amounts },
	tell: (text: string) => void,
): Container {
	const resources = container.resources ?? {};
	const fill = (list: "requests" | "limits", what: string): Amounts => {
		const present = resources[list] ?? {};
		const missing = Object.keys(defaults[list])
			.filter((name) => !Object.hasOwn(present, name))
			.sort();
		if (missing.length) tell(`${missing.join(", ")} ${what}`);
		return { ...defaults[list], ...present };
	};
	const [requests, limits] = [fill("requests", "request"), fill("limits", "limit")];
	return {
		...container,
		resources: {
			...resources,
			...(Object.keys(limits).length ? { limits } : {}),
			...(Object.keys(requests).length ? { requests } : {}),
		},
	};
}
